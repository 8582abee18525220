import { describe, expect, it } from "vitest";

type Tree = { readonly [key: string]: string | Tree };

const files = import.meta.glob<Tree>("./{zh,en}/*.json", { eager: true, import: "default" });
const sources = import.meta.glob<string>(
  ["../**/*.{ts,tsx}", "../../../../packages/react/src/**/*.{ts,tsx}", "!../**/*.test.{ts,tsx}"],
  { eager: true, query: "?raw", import: "default" },
);

/** `{a: {b: "c"}}` becomes `a.b` → `c`. */
function flat(tree: Tree, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") found.set(prefix + key, value);
    else for (const [below, text] of flat(value, `${prefix}${key}.`)) found.set(below, text);
  }
  return found;
}

const placeholders = (text: string) => (text.match(/\{\{\s*\w+/g) ?? []).map((each) => each.slice(2).trim()).sort();
// English has two grammatical numbers where Chinese has one.
const withoutPlural = (key: string) => key.replace(/_(one|other)$/, "");
const namespaces = Object.keys(files).flatMap((path) => /^\.\/zh\/(\w+)\.json$/.exec(path)?.[1] ?? []);

function keysOf(language: string, namespace: string): Map<string, string> {
  return flat(files[`./${language}/${namespace}.json`] ?? {});
}

describe.each(namespaces)("texts of %s", (namespace) => {
  const zh = keysOf("zh", namespace);
  const en = keysOf("en", namespace);

  it("exist in both languages", () => {
    const names = (keys: Map<string, string>) => [...new Set([...keys.keys()].map(withoutPlural))].sort();
    expect(names(en)).toEqual(names(zh));
  });

  it("have the same values to fill in", () => {
    for (const [key, text] of zh) {
      const english = en.get(key);
      if (english !== undefined) expect([key, ...placeholders(english)]).toEqual([key, ...placeholders(text)]);
    }
  });

  it("are not empty", () => {
    expect([...zh, ...en].filter(([, text]) => text.trim() === "")).toEqual([]);
  });
});

/** What is done around an operation, noun by noun. */
const CLINICAL =
  /\/(agreements|archive|checklists|consents|experts|followup|incidents|meetings|opinions|privacy|quality|signing|warnings)\//;

/** Which files speak which namespace; `t` of the others is their own. */
const SPEAKERS = [
  {
    namespace: "shell",
    files: (path: string) =>
      !/\/(expert|room|plans|desk|documents|intake|workflow)\/|CaseSections|packages\//.test(path) &&
      !CLINICAL.test(path),
    atLeast: 100,
  },
  { namespace: "clinical", files: (path: string) => CLINICAL.test(path), atLeast: 60 },
  { namespace: "way", files: (path: string) => /\/workflow\/|CaseSections/.test(path), atLeast: 2 },
  { namespace: "desk", files: (path: string) => /\/desk\//.test(path), atLeast: 0 },
  { namespace: "intake", files: (path: string) => /\/intake\//.test(path), atLeast: 0 },
  { namespace: "documents", files: (path: string) => /\/documents\//.test(path), atLeast: 15 },
  { namespace: "plan", files: (path: string) => /\/plans?\//.test(path), atLeast: 80 },
] as const;

describe.each(SPEAKERS)("texts of the $namespace", ({ namespace, files: isSpeaker, atLeast }) => {
  const keys = keysOf("zh", namespace);
  const code = Object.entries(sources)
    .filter(([path]) => isSpeaker(path))
    .map(([, text]) => text)
    .join("\n");

  it("are there for each key that the code names", () => {
    // `t("a.b")` and the two branches of `t(x ? "a.b" : "a.c")`; composed keys are checked by their prefix below.
    const calls = [...code.matchAll(/(?<![\w.])t\(((?:[^()]|\([^()]*\))*)\)/g)].map((match) => match[1] ?? "");
    const named = calls.flatMap((call) =>
      [...call.matchAll(/"([a-z][A-Za-z]*(?:\.[A-Za-z_]+)+)"/g)].map((m) => m[1] ?? ""),
    );
    expect(named.length).toBeGreaterThanOrEqual(atLeast);
    expect([...new Set(named)].filter((key) => !keys.has(key))).toEqual([]);
  });

  it("are all used", () => {
    const prefixes = [...code.matchAll(/`([a-zA-Z.]+)\.\$\{/g)].map((match) => `${match[1] ?? ""}.`);
    const unused = [...keys.keys()].filter(
      (key) => !code.includes(`"${key}"`) && !prefixes.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });
});

const reference = import.meta.glob<string>("../../../../../docs/reference/errors.md", {
  eager: true,
  query: "?raw",
  import: "default",
});

describe("errors of the server", () => {
  const codes = [...(Object.values(reference)[0] ?? "").matchAll(/^\| `([a-z0-9_]+)` \| \d{3} \|/gm)].map(
    (match) => match[1] ?? "",
  );

  it.each(["zh", "en"])("all have words in %s", (language) => {
    const said = new Set([
      ...[...keysOf(language, "shell").keys()].filter((key) => key.startsWith("errors.")).map((key) => key.slice(7)),
      ...keysOf(language, "errors").keys(),
    ]);
    expect(codes.length).toBeGreaterThan(200);
    expect([...new Set(codes)].filter((code) => !said.has(code))).toEqual([]);
    // A code that no server sends any more goes from here too.
    expect([...keysOf(language, "errors").keys()].filter((code) => !codes.includes(code))).toEqual([]);
  });
});
