/** Seeds from the CT to a changed plan on the pages: the real server, the real computation, a simulated patient. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { launchChromium, type Person, signIn } from "./support/browser";
import { type Product, startProduct, TONGTAI } from "./support/product";

const FAILURES = path.resolve(import.meta.dirname, "../../test-results");
const PATIENCE = { timeout: 60_000 };
/** Half the usual number of slices, each of a quarter of the usual pixels. */
const PHANTOM = ["--slices", "60", "--size", "256", "--slice-mm", "4"];
/** The demonstration has sent a CT of its own to the same case. */
const UPLOADED = "before ablation";
/** The demonstration's hospital that implants seeds. */
const SITE = { technician: "haibin.technician", patient: "李示例" };

let product: Product;
let browser: Browser;
let work: string;
let planner: Person;
let caseId: string;

async function seedCase(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const cases = (await (await fetch("/api/cases")).json()) as { id: string; technique: string }[];
    const found = cases.find(({ technique }) => technique === "seeds");
    if (found === undefined) throw new Error("this person sees no case of seeds");
    return found.id;
  });
}

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
  work = await mkdtemp(path.join(tmpdir(), "tongtai-seeds-"));
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
  await planner.page.screenshot({ path: path.join(FAILURES, `seeds-${name}.png`), fullPage: true });
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await rm(work, { recursive: true, force: true });
});

describe("a CT becomes an implant that a person changes seed by seed", () => {
  test("the hospital uploads the CT on the page", async () => {
    const { page, context } = await signIn(browser, product, SITE.technician, { width: 1180, height: 820 });
    caseId = await seedCase(page);
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
        await name.fill(SITE.patient);
        await name.press("Enter");
        await name.waitFor({ state: "hidden", ...PATIENCE });
        return count();
      }, PATIENCE)
      .toBe(slices.length);
    await context.close();
  });

  test("the planner asks for seeds, sees how far it is in words of seeds, and it is made", async () => {
    planner = await signIn(browser, product, "yunling.planner", { width: 1920, height: 1080 });
    const { page } = planner;
    await page.goto(`/cases/${caseId}`);
    await page.getByTestId("plan-new").click(PATIENCE);
    await page.locator("#series_uid").click(PATIENCE);
    await page.locator(".ant-select-item-option", { hasText: UPLOADED }).click(PATIENCE);
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
    const file = path.join(work, "book.pdf");
    await download.saveAs(file);
    expect((await readFile(file)).subarray(0, 5).toString()).toBe("%PDF-");
    expect(download.suggestedFilename()).not.toContain(SITE.patient);
    const loading = await page.getByTestId("seed-files").locator("a", { hasText: "loading.csv" }).getAttribute("href");
    const table = await page.evaluate(async (url) => (await fetch(url)).text(), loading ?? "");
    expect(table.split("\n")[0]).toContain("tip_to_first_mm");
    expect(planner.errors).toEqual([]);
  });
});
