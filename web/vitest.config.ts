import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The end-to-end tests have their own configuration in e2e/: they need the whole product and a browser.
// A test that needs a document says so in its first line: `// @vitest-environment jsdom`.
export default defineConfig({
  plugins: [react()],
  test: {
    include: ["packages/*/src/**/*.test.{ts,tsx}", "apps/*/src/**/*.test.{ts,tsx}"],
    environment: "node",
    restoreMocks: true,
  },
});
