/** What the people saw when a test failed: one picture of each page, in test-results. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import type { TestContext } from "vitest";

const FOLDER = path.resolve(import.meta.dirname, "../../../test-results");

export async function keepPictures(task: TestContext["task"], pages: Readonly<Record<string, Page>>): Promise<void> {
  if (task.result?.state !== "fail") return;
  await mkdir(FOLDER, { recursive: true });
  const name = task.name.replaceAll(/[^a-z]+/gi, "-").slice(0, 40);
  for (const [who, page] of Object.entries(pages)) {
    if (!page.isClosed()) await page.screenshot({ path: path.join(FOLDER, `${name}-${who}.png`) });
  }
}
