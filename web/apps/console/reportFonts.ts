import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const FACES = { Regular: "400Regular/NotoSansSC_400Regular.ttf", Bold: "700Bold/NotoSansSC_700Bold.ttf" };

/** Put the fonts of the PDF records into the build: the server typesets Chinese without fonts of the system. */
export function reportFonts(): Plugin {
  const { resolve } = createRequire(import.meta.url);
  return {
    name: "report-fonts",
    apply: "build",
    generateBundle() {
      for (const [face, path] of Object.entries(FACES)) {
        const source = readFileSync(resolve(`@expo-google-fonts/noto-sans-sc/${path}`));
        this.emitFile({ type: "asset", fileName: `fonts/NotoSansSC-${face}.ttf`, source });
      }
    },
  };
}
