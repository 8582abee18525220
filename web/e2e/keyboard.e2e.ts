/** A session without a mouse: an expert and an operator do everything with their keyboards, and see where they are. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { launchChromium } from "./support/browser";
import { keepPictures } from "./support/failures";
import { CLIPS, type Product, startProduct } from "./support/product";
import { caseOf, type CaseName, PATIENCE } from "./support/rooms";
import { AUDIBLE, giveEars, loudness, SILENT } from "./support/sound";

const TABS = 150;

let product: Product;
let browser: Browser;
let expert: Page;
let operator: Page;
let own: CaseName;

interface Focused {
  readonly testId: string | null;
  readonly what: string;
  readonly visible: boolean;
}

/** What has the keyboard, and whether a person can see that. */
const focused = (page: Page): Promise<Focused> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return { testId: null, what: "nothing", visible: false };
    const rings = (one: Element) => {
      const style = getComputedStyle(one);
      return (style.outlineStyle !== "none" && style.outlineWidth !== "0px") || style.boxShadow !== "none";
    };
    // Fields of forms show it on the box that surrounds them.
    const box = element.closest(".ant-input-affix-wrapper, .ant-select, .ant-segmented, .ant-picker");
    return {
      testId: element.dataset.testid ?? element.closest<HTMLElement>("[data-testid]")?.dataset.testid ?? null,
      what: `${element.tagName} ${element.className} ${element.textContent.slice(0, 40)}`,
      visible: ["BODY", "DIALOG"].includes(element.tagName) || rings(element) || (box !== null && rings(box)),
    };
  });

/** Tab on until an element has the keyboard; on the way everything that has it must show it. */
async function tabTo(page: Page, testId: string, key = "Tab"): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < TABS; step += 1) {
    const at = await focused(page);
    expect(at, `nobody sees that this has the keyboard: ${at.what}`).toMatchObject({ visible: true });
    if (at.testId === testId) return;
    passed.push(at.testId ?? at.what);
    await page.keyboard.press(key);
  }
  throw new Error(`${testId} was not reached in ${TABS} steps: ${passed.slice(-40).join(", ")}`);
}

/** Choose what the arrows do in the CT, and go back to its picture. */
async function chooseInCt(tool: string): Promise<void> {
  await tabTo(expert, `ct-drag-${tool}`);
  await expert.keyboard.press("Enter");
  await tabTo(expert, "ct-viewport");
}

async function signInByKeyboard(login: string, size: { width: number; height: number }): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    viewport: size,
    permissions: ["microphone", "camera"],
    baseURL: product.url,
  });
  const page = await context.newPage();
  await giveEars(page);
  await page.goto("/login");
  await page.locator("input[autocomplete=username]").waitFor(PATIENCE);
  await page.keyboard.type(login);
  await page.keyboard.press("Tab");
  await page.keyboard.type(product.passwords.get(login) ?? "");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  return page;
}

beforeAll(async () => {
  product = await startProduct(["--no-demo-plans", ...CLIPS, "--demo-feeds", "ultrasound"]);
  browser = await launchChromium();
});

afterEach(async ({ task }) => {
  await keepPictures(task, { expert, operator });
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

test("both sign in, the operator opens the room, the expert the wall and the room", async () => {
  operator = await signInByKeyboard("shancheng.operator", { width: 1180, height: 820 });
  own = await caseOf(operator);
  await operator.goto(`/room/${own.id}`);
  await operator.getByTestId("start-done").waitFor(PATIENCE);
  await tabTo(operator, "start-done");
  await operator.keyboard.press("Enter");
  await operator.getByTestId("start-done").waitFor({ state: "detached", ...PATIENCE });
  expert = await signInByKeyboard("yunling.lead_guide", { width: 1440, height: 900 });
  await expert.getByTestId(`tile-${own.number}`).locator("video").first().waitFor(PATIENCE);
  await expert.keyboard.press("1");
  await expert.waitForURL(`**/wall/${own.id}`);
  await expert.locator('[data-testid="focus-video"][data-layer="high"]').waitFor(PATIENCE);
});

test("the expert talks while the space bar is down", async () => {
  await expert.keyboard.down("Space");
  await expect.poll(() => loudness(operator, 3), PATIENCE).toBeGreaterThan(AUDIBLE);
  await expert.keyboard.up("Space");
  await expect.poll(() => loudness(operator, 3), PATIENCE).toBeLessThan(SILENT);
});

test("the expert draws with the arrow keys", async () => {
  await expert.keyboard.press("d");
  await expert.locator('[data-testid="drawing-surface"][role="application"]').first().waitFor(PATIENCE);
  await tabTo(expert, "drawing-surface");
  for (const key of ["Enter", "Shift+ArrowRight", "Shift+ArrowRight", "ArrowDown", "Enter"])
    await expert.keyboard.press(key);
  const strokes = () =>
    operator.evaluate(async (id) => {
      const { state } = (await (await fetch(`/api/sessions/${id}`)).json()) as {
        state: { strokes: { points: [number, number][] }[] };
      };
      return state.strokes.map(({ points }) => [points[0]?.[0], points.at(-1)?.[0]]);
    }, own.id);
  await expect.poll(strokes, PATIENCE).toEqual([[expect.closeTo(0.5, 2), expect.closeTo(0.6, 2)]]);
});

test("advice goes out by keyboard and is read back and accepted by keyboard", async () => {
  await expert.keyboard.press("Escape");
  await expert.keyboard.press("a");
  await expert.keyboard.type("退 5 mm");
  await expert.keyboard.press("Enter");
  await expert.getByTestId("guard-confirm").waitFor(PATIENCE);
  expect((await focused(expert)).testId).toBe("guard-confirm");
  await expert.keyboard.press("Enter");
  await operator.getByTestId("advice-read-back").waitFor(PATIENCE);
  await tabTo(operator, "advice-read-back");
  await operator.keyboard.press("Enter");
  await operator.keyboard.press("a");
  const item = expert.getByTestId("advice-item").filter({ hasText: "退 5 mm" });
  await expect.poll(() => item.getAttribute("data-status"), PATIENCE).toBe("accepted");
});

test("STOP, and the operator's answer", async () => {
  await expert.keyboard.press("Escape");
  await expert.keyboard.press("Shift+S");
  const screen = operator.getByTestId("stop-screen");
  await screen.waitFor(PATIENCE);
  await tabTo(operator, "stop-decline");
  await operator.keyboard.press("Enter");
  await tabTo(operator, "reason-patient_condition");
  await operator.keyboard.press("Enter");
  await screen.waitFor({ state: "detached", ...PATIENCE });
  const item = expert.locator('[data-testid="advice-item"][data-level="stop"]');
  await expect.poll(() => item.getAttribute("data-status"), PATIENCE).toBe("declined");
});

test("the CT is enlarged, scrolled and windowed", async () => {
  await expert.keyboard.press("t");
  await expert.locator('[data-testid="ct-viewport"][data-slice]').waitFor(PATIENCE);
  expect((await focused(expert)).testId).toBe("ct-viewport");
  const slice = () => expert.getByTestId("ct-slice-number").textContent();
  await expert.keyboard.press("Home");
  await expect.poll(slice, PATIENCE).toMatch(/\b1\/60/);
  await expert.keyboard.press("PageDown");
  await expect.poll(slice, PATIENCE).toMatch(/\b11\/60/);
  await expert.keyboard.press("3");
  await expect.poll(() => expert.locator(".tt-ct__stage").textContent(), PATIENCE).toContain("肺窗");
});

test("the CT is zoomed, moved and measured", async () => {
  const scale = () => expert.getByTestId("ct-scale").evaluate((bar) => `${bar.clientWidth} ${bar.textContent}`);
  const before = await scale();
  await chooseInCt("zoom");
  for (let press = 0; press < 3; press += 1) await expert.keyboard.press("ArrowUp");
  await expect.poll(scale, PATIENCE).not.toBe(before);
  await chooseInCt("length");
  await expert.keyboard.press("ArrowRight");
  await expert.getByTestId("ct-cross").waitFor(PATIENCE);
  for (const key of ["Enter", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Enter"])
    await expert.keyboard.press(key);
  // Thirty pixels, in the millimetres that the scale says.
  const [px = 0, mm = 0] = (await scale()).split(" ").map(Number);
  const length = async () => Number.parseFloat((await expert.locator(".tt-ct svg text").allTextContents()).join(" "));
  await expect.poll(length, PATIENCE).toBeCloseTo((30 * mm) / px, 0);
  await chooseInCt("pan");
  const drawn = () => expert.locator(".tt-ct svg text").first().boundingBox();
  const at = await drawn();
  await expert.keyboard.press("ArrowRight");
  await expect.poll(async () => Math.round((await drawn())?.x ?? 0), PATIENCE).toBe(Math.round((at?.x ?? 0) + 20));
  await expert.keyboard.press("t");
});

test("the expert goes back to the wall", async () => {
  await expert.keyboard.press("0");
  await expert.waitForURL("**/wall");
});

test("the operator ends the session", async () => {
  await tabTo(operator, "devices");
  await operator.keyboard.press("Enter");
  await tabTo(operator, "session-close");
  await operator.keyboard.press("Enter");
  await tabTo(operator, "session-close-confirm");
  await operator.keyboard.press("Enter");
  await expect.poll(() => operator.locator(".room").getAttribute("data-phase"), PATIENCE).toBe("closed");
});
