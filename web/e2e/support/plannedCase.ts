/** What both planning sessions begin with: the product, a simulated patient on disk, and its CT sent to a case. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";

import { launchChromium } from "./browser";
import { type Product, startProduct, TONGTAI } from "./product";

export const PATIENCE = { timeout: 60_000 };
/** Half the usual number of slices, each of a quarter of the usual pixels. */
const PHANTOM = ["--slices", "60", "--size", "256", "--slice-mm", "4"];
/** The demonstration has sent a CT of its own to the same case. */
const UPLOADED = "before ablation";

export interface PlanningSession {
  readonly product: Product;
  readonly browser: Browser;
  /** A folder of its own, gone at the end. */
  readonly work: string;
  readonly stop: () => Promise<void>;
}

/** Product and browser, with a phantom made meanwhile. */
export async function startPlanning(): Promise<PlanningSession> {
  const work = await mkdtemp(path.join(tmpdir(), "tongtai-plan-"));
  const made = promisify(execFile)(TONGTAI, ["phantom", "--out", path.join(work, "phantom"), ...PHANTOM]);
  // The job is what these sessions wait for: it need not stand back for the operating rooms.
  const product = await startProduct(["--no-demo-plans", "--demo-feeds", "ultrasound"], { TONGTAI_JOBS_NICE: "0" });
  await made;
  const browser = await launchChromium();
  const stop = async () => {
    await browser.close();
    await product.stop();
    await rm(work, { recursive: true, force: true });
  };
  return { product, browser, work, stop };
}

/** The first case of somebody's that is of a technique, or of any. */
export async function caseOfTechnique(page: Page, technique?: string): Promise<string> {
  return page.evaluate(async (wanted) => {
    const cases = (await (await fetch("/api/cases")).json()) as { id: string; technique: string }[];
    const found = cases.find((one) => wanted === undefined || one.technique === wanted);
    if (found === undefined) throw new Error(`this person sees no case of ${wanted ?? "any technique"}`);
    return found.id;
  }, technique);
}

/** Send the phantom's CT on the page of a case; whose it is, is confirmed by typing the patient's name. */
export async function uploadPhantom(page: Page, work: string, caseId: string, patient: string): Promise<void> {
  await page.goto(`/cases/${caseId}`);
  const folder = path.join(work, "phantom/before/ct");
  const slices = (await readdir(folder)).map((name) => path.join(folder, name));
  await page.locator("input[type=file]").last().setInputFiles(slices);
  const name = page.locator("#typedName");
  const count = () =>
    page.evaluate(
      async ([id, described]) => {
        type Found = { instances: number; description: string };
        const all = (await (await fetch(`/api/cases/${id}/imaging/series`)).json()) as Found[];
        return all.find(({ description }) => description.includes(described))?.instances ?? 0;
      },
      [caseId, UPLOADED] as const,
    );
  await expect
    .poll(async () => {
      if (!(await name.isVisible())) return count();
      await name.fill(patient);
      await name.press("Enter");
      await name.waitFor({ state: "hidden", ...PATIENCE });
      return count();
    }, PATIENCE)
    .toBe(slices.length);
}

/** Open the form of a new plan and choose the CT that was sent. */
export async function newPlanOfUpload(page: Page): Promise<void> {
  await page.getByTestId("plan-new").click(PATIENCE);
  await page.locator("#series_uid").click(PATIENCE);
  await page.locator(".ant-select-item-option", { hasText: UPLOADED }).click(PATIENCE);
}
