/** Takes the documentation's pictures, in both languages, from the running product into docs/images. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { launchChromium, type Person, signIn } from "./support/browser";
import { type ManyRooms, startManyRooms } from "./support/manyRooms";
import { type Product, startProduct } from "./support/product";
import { caseOf, command, PATIENCE } from "./support/rooms";

// Another folder for a look at pages that are being worked on.
const IMAGES = path.resolve(process.env.TONGTAI_PICTURES ?? path.join(import.meta.dirname, "../../docs/images"));
const LANGUAGES = ["zh", "en"] as const;
const SITES = ["shancheng", "haibin", "hekou"] as const;
const TABLET = { width: 1180, height: 820 };
// Links count as good again some seconds after the last trouble; a picture of trouble is not what is wanted.
const CALM = { timeout: 120_000, interval: 1_000 };
const STILL_CALM_MS = 4_000;

type Language = (typeof LANGUAGES)[number];

let browser: Browser;

beforeAll(async () => {
  await mkdir(IMAGES, { recursive: true });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
});

const take = (page: Page, name: string, language: string) =>
  page.screenshot({ path: path.join(IMAGES, `${name}-${language}.png`) });

async function speak(page: Page, language: Language): Promise<void> {
  await page.evaluate((chosen) => {
    localStorage.setItem("tongtai.language", chosen);
  }, language);
}

/** Until every tile of the page shows a picture and its link has been good for a while. */
async function untilCalm(page: Page, tiles: number): Promise<void> {
  const quiet = '.room-tile:not(:has([data-testid="tile-alarm"]))';
  const good = () => page.locator(`${quiet} [data-testid^="link-"][data-state="live"]`).count();
  await expect.poll(good, CALM).toBe(tiles);
  await expect
    .poll(async () => {
      await page.waitForTimeout(STILL_CALM_MS);
      return good();
    }, CALM)
    .toBe(tiles);
}

describe("a session under way", () => {
  let product: Product;
  let operators: Person[];
  let cases: { id: string; number: string }[];

  beforeAll(async () => {
    product = await startProduct(["--no-demo-plans"]);
    operators = [];
    for (const site of SITES) operators.push(await signIn(browser, product, `${site}.operator`, TABLET));
    cases = await Promise.all(operators.map(({ page }) => caseOf(page)));
  });

  afterAll(() => product.stop());

  // Three tables at three points of the operation, as on any morning.
  test("the tables begin", async () => {
    const steps = [["positioning", "planning_scan", "puncture"], ["positioning"], ["positioning", "planning_scan"]];
    for (const [index, { page }] of operators.entries()) {
      const { id } = cases[index] ?? { id: "" };
      // The session opens when the gateway of the table joins.
      for (const step of steps[index] ?? [])
        await expect.poll(() => command(page, id, "step.marked", { step }), PATIENCE).toBe(200);
    }
  });

  test.each(LANGUAGES)("signing in, %s", async (language) => {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, baseURL: product.url });
    const page = await context.newPage();
    await page.goto("/login");
    await speak(page, language);
    await page.reload();
    await page.locator("input[autocomplete=username]").waitFor(PATIENCE);
    await take(page, "login", language);
    await context.close();
  });

  test.each(LANGUAGES)("focus, CT, room and wall, %s", async (language) => {
    const [own] = cases;
    const [operator] = operators;
    if (!own || !operator) throw new Error("there is no first table");
    const { page, context } = await signIn(browser, product, "yunling.lead_guide");
    await speak(page, language);
    await page.goto(`/wall/${own.id}`);
    await page.locator('[data-testid="focus-video"][data-layer="high"]').waitFor(PATIENCE);
    await page
      .getByTestId("advice-text")
      .fill(language === "zh" ? "退 5 mm，再向头侧 5°" : "Back 5 mm, then 5° cranially");
    await page.getByTestId("advice-suggest").click();
    await page.getByTestId("guard-confirm").or(page.getByTestId("advice-item").first()).first().waitFor(PATIENCE);
    if (await page.getByTestId("guard-confirm").isVisible()) await page.getByTestId("guard-confirm").click();
    await untilCalm(page, SITES.length);
    await take(page, "focus", language);
    await page.getByTestId("tab-ct").click();
    await page.keyboard.press("t");
    await page.locator('[data-testid="ct-viewport"][data-slice]').waitFor(PATIENCE);
    await take(page, "ct", language);
    await page.keyboard.press("t");

    await operator.page.goto(`/room/${own.id}`);
    await speak(operator.page, language);
    await operator.page.reload();
    await operator.page.getByTestId("advice-current").waitFor(PATIENCE);
    await expect.poll(() => operator.page.getByTestId("room-link").getAttribute("data-code"), CALM).toBe("live");
    const pictures = () =>
      operator.page.evaluate(() => [...document.querySelectorAll("video")].some(({ currentTime }) => currentTime > 0));
    await expect.poll(pictures, CALM).toBe(true);
    await take(operator.page, "room", language);
    await operator.page.goto("/account");

    await page.goto("/wall");
    await untilCalm(page, SITES.length);
    await take(page, "wall", language);
    await context.close();
  });
});

describe("thirty rooms", () => {
  let rooms: ManyRooms;

  beforeAll(async () => {
    rooms = await startManyRooms(30);
  });

  afterAll(() => rooms.stop());

  test.each(LANGUAGES)("on one wall, %s", async (language) => {
    const { page, context } = await signIn(browser, rooms, rooms.login);
    await speak(page, language);
    await page.goto("/wall");
    await untilCalm(page, 30);
    await take(page, "wall-of-thirty", language);
    await context.close();
  });
});

describe("plans of the demonstration's cases", () => {
  let product: Product;
  const PLANS = [
    { name: "plan", technique: "rfa", pane: "plane-axial" },
    { name: "seed-plan", technique: "seeds", pane: "plane-across" },
  ] as const;

  beforeAll(async () => {
    product = await startProduct(["--demo-feeds", "ultrasound"]);
  });

  afterAll(() => product.stop());

  /** Open the newest plan of the case of a technique, when it is made. */
  async function openPlan(page: Page, technique: string, pane: string): Promise<void> {
    const address = () =>
      page.evaluate(async (wanted) => {
        const cases = (await (await fetch("/api/cases")).json()) as { id: string; technique: string }[];
        const id = cases.find((one) => one.technique === wanted)?.id ?? "";
        const { plans } = (await (await fetch(`/api/cases/${id}/plans`)).json()) as { plans: { id: string }[] };
        return plans[0] ? `/cases/${id}/plans/${plans[0].id}` : "";
      }, technique);
    await expect.poll(address, { timeout: 600_000, interval: 2_000 }).not.toBe("");
    await page.goto(await address());
    await page.getByTestId(pane).waitFor(PATIENCE);
  }

  test.each(LANGUAGES)("the editor of seeds, %s", { timeout: 900_000 }, async (language) => {
    for (const [name, size] of [
      ["seed-editor", { width: 1920, height: 1080 }],
      ["seed-editor-tablet", TABLET],
    ] as const) {
      const { page, context } = await signIn(browser, product, "yunling.planner", size);
      await speak(page, language);
      await openPlan(page, "seeds", "plane-across");
      await page.getByTestId("seed-edit").click(PATIENCE);
      const result = page.getByTestId("seed-edit-result");
      const d90 = () => result.getAttribute("data-d90");
      await expect.poll(() => result.getAttribute("data-waiting"), PATIENCE).toBe("false");
      const planned = await d90();
      await page.locator(".seed-edit__needles button").nth(1).click();
      await page.getByTestId("seed-remove").click();
      await expect.poll(d90, PATIENCE).not.toBe(planned);
      await expect.poll(() => result.getAttribute("data-waiting"), PATIENCE).toBe("false");
      await page.getByTestId("seed-editor").scrollIntoViewIfNeeded();
      await page.waitForLoadState("networkidle");
      await take(page, name, language);
      await context.close();
    }
  });

  test.each(LANGUAGES)("plan and seed plan, %s", { timeout: 900_000 }, async (language) => {
    const { page, context } = await signIn(browser, product, "yunling.lead_guide");
    await speak(page, language);
    for (const { name, technique, pane } of PLANS) {
      await openPlan(page, technique, pane);
      await page.waitForLoadState("networkidle");
      await take(page, name, language);
    }
    await context.close();
  });
});
