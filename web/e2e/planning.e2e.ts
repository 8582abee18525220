/** From a CT to an approved plan on the pages: the real server, the real computation, a simulated patient. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { launchChromium, type Person, signIn } from "./support/browser";
import { type Product, startProduct, TONGTAI } from "./support/product";

const FAILURES = path.resolve(import.meta.dirname, "../../test-results");
const PATIENCE = { timeout: 60_000 };
/** A plan on half the usual number of slices, each of a quarter of the usual pixels. */
const PHANTOM = ["--slices", "60", "--size", "256", "--slice-mm", "4"];
/** The demonstration has sent a CT of its own to the same case. */
const UPLOADED = "before ablation";
const SITE_PATIENT = "王示例";

let product: Product;
let browser: Browser;
let work: string;
let planner: Person;
let caseId: string;

async function firstCase(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const [first] = (await (await fetch("/api/cases")).json()) as { id: string; number: string }[];
    if (first === undefined) throw new Error("this person sees no case");
    return first.id;
  });
}

async function openCase(person: Person): Promise<void> {
  await person.page.goto(`/cases/${caseId}`);
  await person.page.getByTestId("plan-new").waitFor(PATIENCE);
}

async function askForPlan(page: Page): Promise<void> {
  await page.getByTestId("plan-new").click();
  await page.locator("#series_uid").click(PATIENCE);
  await page.locator(".ant-select-item-option", { hasText: UPLOADED }).click(PATIENCE);
  // Without the simulated heat: that is tested where it is computed.
  await page.locator("#heat").click();
  await page.getByTestId("plan-start").click();
}

beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), "tongtai-plan-"));
  const made = promisify(execFile)(TONGTAI, ["phantom", "--out", path.join(work, "phantom"), ...PHANTOM]);
  // The job is what this session waits for: it need not stand back for the operating rooms.
  product = await startProduct(["--no-demo-plans", "--demo-feeds", "ultrasound"], { TONGTAI_JOBS_NICE: "0" });
  await made;
  browser = await launchChromium();
});

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail" || !planner) return;
  await mkdir(FAILURES, { recursive: true });
  const name = task.name.replaceAll(/[^a-z]+/gi, "-").slice(0, 40);
  await planner.page.screenshot({ path: path.join(FAILURES, `planning-${name}.png`), fullPage: true });
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await rm(work, { recursive: true, force: true });
});

describe("a CT becomes a plan that two people sign", () => {
  test("the hospital uploads the CT on the page", async () => {
    const { page, context } = await signIn(browser, product, "shancheng.technician", { width: 1180, height: 820 });
    caseId = await firstCase(page);
    await page.goto(`/cases/${caseId}`);
    const folder = path.join(work, "phantom/before/ct");
    const slices = (await readdir(folder)).map((name) => path.join(folder, name));
    await page.locator("input[type=file]").last().setInputFiles(slices);
    const name = page.locator("#typedName");
    const count = () =>
      page.evaluate(
        async ([id, name]) => {
          type Found = { instances: number; description: string };
          const all = (await (await fetch(`/api/cases/${id}/imaging/series`)).json()) as Found[];
          return all.find(({ description }) => description.includes(name))?.instances ?? 0;
        },
        [caseId, UPLOADED] as const,
      );
    await expect
      .poll(async () => {
        if (!(await name.isVisible())) return count();
        await name.fill(SITE_PATIENT);
        await name.press("Enter");
        await name.waitFor({ state: "hidden", ...PATIENCE });
        return count();
      }, PATIENCE)
      .toBe(slices.length);
    await context.close();
  });

  // Minutes, not seconds: the job has the least share of a processor that also plays three operating rooms.
  test("the planner asks for a plan, reloads in the middle, and it is made", { timeout: 360_000 }, async () => {
    planner = await signIn(browser, product, "yunling.planner", { width: 1440, height: 900 });
    const { page } = planner;
    await openCase(planner);
    await askForPlan(page);
    const job = page.getByTestId("plan-job");
    await job.waitFor(PATIENCE);
    await page.locator('[data-testid^="plan-step-"][data-state="running"]').first().waitFor(PATIENCE);
    await page.reload();
    await page.getByTestId("plan-v1").or(job).first().waitFor(PATIENCE);
    await page.getByTestId("plan-v1").waitFor({ timeout: 300_000 });
    await job.waitFor({ state: "detached", ...PATIENCE });
  });

  test("the plan's page shows planes that move together, the scene and the numbers", async () => {
    const { page } = planner;
    await page.getByTestId("plan-v1").click();
    const axial = page.getByTestId("plane-axial");
    const coronal = page.getByTestId("plane-coronal");
    await axial.waitFor(PATIENCE);
    const before = await axial.getAttribute("data-position");
    await axial.focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => axial.getAttribute("data-position"), PATIENCE).not.toBe(before);
    const section = await coronal.getAttribute("data-position");
    const box = await axial.boundingBox();
    if (!box) throw new Error("the axial plane has no place");
    await page.mouse.click(box.x + box.width / 2, box.y + box.height * 0.7);
    await expect.poll(() => coronal.getAttribute("data-position"), PATIENCE).not.toBe(section);
    const scene = page.getByTestId("plan-scene");
    await expect.poll(() => scene.getAttribute("data-marks"), PATIENCE).toBe("L R H F");
    await page.locator(".tt-plane__scene").focus();
    for (let turn = 0; turn < 9; turn += 1) await page.keyboard.press("ArrowLeft");
    await expect.poll(() => scene.getAttribute("data-marks"), PATIENCE).not.toBe("L R H F");
    const map = page.getByTestId("skin-map");
    await map.scrollIntoViewIfNeeded();
    const answer = page.getByTestId("skin-answer");
    const question = await answer.textContent();
    await map.click();
    await expect.poll(() => answer.textContent(), PATIENCE).not.toBe(question);
  });

  test("the plan book is downloaded as a PDF", async () => {
    const [download] = await Promise.all([
      planner.page.waitForEvent("download", PATIENCE),
      planner.page.getByTestId("book-download").click(),
    ]);
    const file = path.join(work, "book.pdf");
    await download.saveAs(file);
    expect((await readFile(file)).subarray(0, 5).toString()).toBe("%PDF-");
    expect(download.suggestedFilename()).not.toContain(SITE_PATIENT);
  });

  test("the planner may not sign the own plan; a guide reviews and approves it", async () => {
    expect(await planner.page.getByTestId("plan-state").getAttribute("data-state")).toBe("draft");
    await planner.page.getByTestId("plan-act-reason").waitFor(PATIENCE);
    const guide = await signIn(browser, product, "yunling.lead_guide", { width: 1440, height: 900 });
    await guide.page.goto(planner.page.url());
    const state = guide.page.getByTestId("plan-state");
    for (const [act, after] of [
      ["review", "reviewed"],
      ["approve", "approved"],
    ] as const) {
      await guide.page.getByTestId(`plan-${act}`).click(PATIENCE);
      await guide.page.getByTestId(`${act}-confirm`).click(PATIENCE);
      await expect.poll(() => state.getAttribute("data-state"), PATIENCE).toBe(after);
    }
    expect(guide.errors).toEqual([]);
    await guide.context.close();
  });

  test("another job is cancelled and leaves no plan", async () => {
    const { page } = planner;
    await openCase(planner);
    await askForPlan(page);
    await page.getByTestId("plan-cancel").click(PATIENCE);
    await page.locator('[data-testid="plan-job"][data-state="cancelled"]').waitFor(PATIENCE);
    expect(await page.getByTestId("plan-v2").count()).toBe(0);
    expect(planner.errors).toEqual([]);
  });
});
