import { defineConfig } from "vitest/config";

// Not a test: what `tongtai bench live` sees through a browser's eyes.
export default defineConfig({
  test: {
    include: ["live.measure.ts"],
    reporters: ["verbose"],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
