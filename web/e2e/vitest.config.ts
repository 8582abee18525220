import { defineConfig } from "vitest/config";

// One product, one browser, many people: the files run one after the other.
export default defineConfig({
  test: {
    include: ["**/*.e2e.ts"],
    reporters: ["verbose"],
    testTimeout: 300_000,
    hookTimeout: 240_000,
    fileParallelism: false,
    sequence: { concurrent: false },
  },
});
