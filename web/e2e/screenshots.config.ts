import { defineConfig } from "vitest/config";

// Not a test: a walk that takes the documentation's pictures (`make screenshots`).
export default defineConfig({
  test: {
    include: ["screenshots.ts"],
    testTimeout: 400_000,
    hookTimeout: 400_000,
    fileParallelism: false,
  },
});
