import importX from "eslint-plugin-import-x";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/**
 * Which of our own packages a folder may import, as docs/explanation and CONTRIBUTING describe it:
 * cores know no React, primitives know no product, and only the console may use everything.
 */
const LAYERS = {
  "packages/api-client": { ours: [], react: false },
  "packages/geometry": { ours: [], react: false },
  "packages/session-core": { ours: ["api-client", "geometry"], react: false },
  "packages/viewer-core": { ours: ["geometry"], react: false },
  "packages/ui": { ours: [], react: true },
  "packages/react": { ours: ["api-client", "geometry", "session-core", "viewer-core", "ui"], react: true },
  e2e: { ours: [], react: false },
};
const OURS = ["api-client", "geometry", "session-core", "viewer-core", "ui", "react", "console"];

/** Libraries that exactly one place may import, so that they can be replaced there. */
const HOMES = [
  { library: "livekit-client", home: "packages/session-core" },
  { library: "@cornerstonejs/*", home: "packages/viewer-core" },
  { library: "@kitware/*", home: "packages/viewer-core" },
];

function layerRule([folder, { ours, react }]) {
  const foreign = OURS.filter((name) => !ours.includes(name) && !folder.endsWith(`/${name}`));
  const patterns = [
    {
      group: foreign.flatMap((name) => [`@tongtai/${name}`, `@tongtai/${name}/*`]),
      message: `Not allowed in ${folder}.`,
    },
    ...HOMES.filter(({ home }) => home !== folder).map(({ library, home }) => ({
      group: [library],
      message: `Only ${home} imports this.`,
      allowTypeImports: true,
    })),
  ];
  if (!react) patterns.push({ group: ["react", "react-*", "antd", "antd/*"], message: `${folder} knows no React.` });
  return {
    files: [`${folder}/**/*.{ts,tsx}`],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
  };
}

export default tseslint.config(
  { ignores: ["**/dist/", ".tsbuild/", "**/node_modules/", "packages/api-client/src/*chema.ts"] },
  ...tseslint.configs.strict,
  {
    files: ["**/*.{ts,tsx}"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "import-x": importX },
    settings: { "import-x/resolver-next": [importX.createNodeResolver({ extensions: [".ts", ".tsx", ".js"] })] },
    rules: {
      "import-x/no-cycle": "error",
      "import-x/no-self-import": "error",
      "import-x/no-duplicates": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      eqeqeq: "error",
      "no-console": "error",
      "max-lines": ["error", { max: 400 }],
    },
  },
  { files: ["**/*.tsx", "packages/react/**/*.ts", "apps/**/*.ts"], ...reactHooks.configs.flat["recommended-latest"] },
  {
    // Build and test configurations belong to no TypeScript project.
    files: ["**/*.config.ts", "apps/console/*.ts"],
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      "@typescript-eslint/no-floating-promises": "off",
      "@typescript-eslint/await-thenable": "off",
      "@typescript-eslint/no-misused-promises": "off",
    },
  },
  ...Object.entries(LAYERS).map(layerRule),
);
