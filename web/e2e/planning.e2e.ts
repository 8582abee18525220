/** From a CT to an approved plan on the pages: the real server, the real computation, a simulated patient. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { type Person, signIn } from "./support/browser";
import { keepPictures } from "./support/failures";
import {
  caseOfTechnique,
  newPlanOfUpload,
  PATIENCE,
  type PlanningSession,
  startPlanning,
  uploadPhantom,
} from "./support/plannedCase";

const SITE_PATIENT = "王示例";

let session: PlanningSession;
let planner: Person;
let caseId: string;

async function openCase(person: Person): Promise<void> {
  await person.page.goto(`/cases/${caseId}`);
  await person.page.getByTestId("plan-new").waitFor(PATIENCE);
}

async function askForPlan(page: Page): Promise<void> {
  await newPlanOfUpload(page);
  // Without the simulated heat: that is tested where it is computed.
  await page.locator("#heat").click();
  await page.getByTestId("plan-start").click();
}

beforeAll(async () => {
  session = await startPlanning();
});

afterEach(({ task }) => keepPictures(task, planner ? { planning: planner.page } : {}));

afterAll(() => session?.stop());

describe("a CT becomes a plan that two people sign", () => {
  test("the hospital uploads the CT on the page", async () => {
    const { browser, product, work } = session;
    const { page, context } = await signIn(browser, product, "shancheng.technician", { width: 1180, height: 820 });
    caseId = await caseOfTechnique(page);
    await uploadPhantom(page, work, caseId, SITE_PATIENT);
    await context.close();
  });

  // Minutes, not seconds: the job has the least share of a processor that also plays three operating rooms.
  test("the planner asks for a plan, reloads in the middle, and it is made", { timeout: 360_000 }, async () => {
    planner = await signIn(session.browser, session.product, "yunling.planner", { width: 1440, height: 900 });
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
    const file = path.join(session.work, "book.pdf");
    await download.saveAs(file);
    expect((await readFile(file)).subarray(0, 5).toString()).toBe("%PDF-");
    expect(download.suggestedFilename()).not.toContain(SITE_PATIENT);
  });

  test("the planner may not sign the own plan; a guide reviews and approves it", async () => {
    expect(await planner.page.getByTestId("plan-state").getAttribute("data-state")).toBe("draft");
    await planner.page.getByTestId("plan-act-reason").waitFor(PATIENCE);
    const guide = await signIn(session.browser, session.product, "yunling.lead_guide", { width: 1440, height: 900 });
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
