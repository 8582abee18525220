/** Seeds from the CT to a changed plan on the pages: the real server, the real computation, a simulated patient. */
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

/** The demonstration's hospital that implants seeds. */
const SITE = { technician: "haibin.technician", patient: "李示例" };

let session: PlanningSession;
let planner: Person;
let caseId: string;

interface Shown {
  readonly d90: string;
  readonly curve: string;
}

/** The number and the curve that stand on the page, when the server has answered. */
async function shownDose(page: Page): Promise<Shown> {
  const result = page.getByTestId("seed-edit-result");
  await expect.poll(() => result.getAttribute("data-waiting"), PATIENCE).toBe("false");
  const curve = page.locator('[data-testid="seed-dvh"] [data-target="true"]');
  return { d90: (await result.getAttribute("data-d90")) ?? "", curve: (await curve.getAttribute("d")) ?? "" };
}

async function until(page: Page, wanted: (shown: Shown) => boolean): Promise<Shown> {
  await expect.poll(async () => wanted(await shownDose(page)), PATIENCE).toBe(true);
  return shownDose(page);
}

beforeAll(async () => {
  session = await startPlanning();
});

afterEach(({ task }) => keepPictures(task, planner ? { seeds: planner.page } : {}));

afterAll(() => session?.stop());

describe("a CT becomes an implant that a person changes seed by seed", () => {
  test("the hospital uploads the CT on the page", async () => {
    const { browser, product, work } = session;
    const { page, context } = await signIn(browser, product, SITE.technician, { width: 1180, height: 820 });
    caseId = await caseOfTechnique(page, "seeds");
    await uploadPhantom(page, work, caseId, SITE.patient);
    await context.close();
  });

  test("the planner asks for seeds, sees how far it is in words of seeds, and it is made", async () => {
    planner = await signIn(session.browser, session.product, "yunling.planner", { width: 1920, height: 1080 });
    const { page } = planner;
    await page.goto(`/cases/${caseId}`);
    await newPlanOfUpload(page);
    // Without prescription and activity there is no plan: both are for a person to say.
    await page.getByTestId("plan-start").click();
    expect(await page.getByTestId("plan-job").count()).toBe(0);
    await page.getByTestId("seeds-prescription").fill("110");
    await page.getByTestId("seeds-activity").fill("0.6");
    await page.getByTestId("plan-start").click();
    const step = page.getByTestId("plan-step-plan");
    await step.waitFor(PATIENCE);
    expect(await step.textContent()).toMatch(/粒子|seeds/);
    await page.locator('[data-testid^="plan-step-"][data-state="running"]').first().waitFor(PATIENCE);
    await page.getByTestId("plan-v1").waitFor({ timeout: 280_000 });
  });

  test("the template is seen slice by slice with isodoses", async () => {
    const { page } = planner;
    await page.getByTestId("plan-v1").click();
    const across = page.getByTestId("plane-across");
    await across.waitFor(PATIENCE);
    await expect.poll(() => across.locator(".tt-plane__isodose").count(), PATIENCE).toBeGreaterThan(1);
    const isodose = across.locator('.tt-plane__isodose[data-share="1"]');
    const [before, line] = [await across.getAttribute("data-position"), await isodose.getAttribute("d")];
    await across.focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => across.getAttribute("data-position"), PATIENCE).not.toBe(before);
    await expect.poll(() => isodose.getAttribute("d").catch(() => null), PATIENCE).not.toBe(line);
    expect(await page.locator('[data-testid^="seed-needle-"]').count()).toBeGreaterThan(1);
    expect(await page.getByTestId("seed-goals").count()).toBe(1);
  });

  test("a seed is removed, taken back, done again and moved: dose and histogram follow each time", async () => {
    const { page } = planner;
    await page.getByTestId("seed-edit").click();
    const planned = await shownDose(page);
    const editor = page.getByTestId("seed-editor");
    await editor.locator(".seed-edit__needles button").nth(1).click();
    await page.keyboard.press("Delete");
    const fewer = await until(page, ({ d90 }) => d90 !== planned.d90);
    expect(Number(fewer.d90)).toBeLessThan(Number(planned.d90));
    expect(fewer.curve).not.toBe(planned.curve);
    await page.keyboard.press("Control+z");
    expect(await until(page, ({ d90 }) => d90 === planned.d90)).toEqual(planned);
    await page.getByTestId("seed-redo").click();
    expect(await until(page, ({ d90 }) => d90 === fewer.d90)).toEqual(fewer);
    await page.getByTestId("seed-undo").click();
    await until(page, ({ d90 }) => d90 === planned.d90);
    // By keys alone: another seed, deeper by a millimetre, and one more beside it.
    await editor.locator(".seed-edit__needles button").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    const moved = await until(page, ({ d90 }) => d90 !== planned.d90);
    await page.keyboard.press("+");
    await until(page, ({ d90 }) => Number(d90) > Number(moved.d90));
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await until(page, ({ d90 }) => d90 === planned.d90);
  });

  test("a finger does the same on a tablet, and other people may not", async () => {
    const { browser, product } = session;
    const context = await browser.newContext({
      viewport: { width: 1180, height: 820 },
      hasTouch: true,
      baseURL: product.url,
      storageState: await planner.context.storageState(),
    });
    const page = await context.newPage();
    await page.goto(planner.page.url());
    await page.getByTestId("seed-edit").tap(PATIENCE);
    const planned = await shownDose(page);
    const button = page.getByTestId("seed-remove");
    expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(48);
    await button.tap();
    await until(page, ({ d90 }) => d90 !== planned.d90);
    await page.getByTestId("seed-undo").tap();
    await until(page, ({ d90 }) => d90 === planned.d90);
    await context.close();
    const reader = await signIn(browser, product, SITE.technician, { width: 1180, height: 820 });
    await reader.page.goto(planner.page.url());
    await reader.page.getByTestId("seed-plan-page").waitFor(PATIENCE);
    expect(await reader.page.getByTestId("seed-edit").count()).toBe(0);
    await reader.context.close();
  });

  test("the changed seeds become a plan of their own, by whoever changed them", async () => {
    const { page } = planner;
    const count = (await page.locator(".seed-edit__needles button").count()) - 1;
    await page.locator(".seed-edit__needles button").last().click();
    await page.getByTestId("seed-remove").click();
    await expect.poll(() => page.locator(".seed-edit__needles button").count(), PATIENCE).toBe(count);
    await shownDose(page);
    await page.getByTestId("seed-edit-save").click();
    await page.getByTestId("seed-edit-saved").waitFor(PATIENCE);
    await page.goto(`/cases/${caseId}`);
    await page.getByTestId("plan-v2").waitFor({ timeout: 280_000 });
    await page.getByTestId("plan-v2").click();
    await page.getByTestId("plane-across").waitFor(PATIENCE);
    const plan = await page.evaluate(async () => {
      const [, id, planId] = /cases\/([^/]+)\/plans\/([^/]+)/.exec(location.pathname) ?? [];
      const answer = await fetch(`/api/cases/${id ?? ""}/plans/${planId ?? ""}`);
      return (await answer.json()) as {
        summary: { made_by: { name: string }; by_hand: boolean; state: string };
        plan: { seeds: unknown[]; template: { holes: unknown[] } | null };
      };
    });
    expect(plan.plan.seeds.length).toBe(count);
    expect(plan.plan.template?.holes.length).toBeGreaterThan(1);
    expect([plan.summary.by_hand, plan.summary.state]).toEqual([true, "draft"]);
    // Four eyes hold for a changed plan as for every other.
    await page.getByTestId("plan-act-reason").waitFor(PATIENCE);
  });

  test("loading table and plan book are taken away", async () => {
    const { page } = planner;
    const needles = page.locator('[data-testid^="seed-needle-"]');
    await needles.first().scrollIntoViewIfNeeded();
    expect(await page.locator(".seed-pattern rect").count()).toBeGreaterThan(3);
    const [download] = await Promise.all([
      page.waitForEvent("download", PATIENCE),
      page.getByTestId("book-download").click(),
    ]);
    const file = path.join(session.work, "book.pdf");
    await download.saveAs(file);
    expect((await readFile(file)).subarray(0, 5).toString()).toBe("%PDF-");
    expect(download.suggestedFilename()).not.toContain(SITE.patient);
    const loading = await page.getByTestId("seed-files").locator("a", { hasText: "loading.csv" }).getAttribute("href");
    const table = await page.evaluate(async (url) => (await fetch(url)).text(), loading ?? "");
    expect(table.split("\n")[0]).toContain("tip_to_first_mm");
    expect(planner.errors).toEqual([]);
  });
});
