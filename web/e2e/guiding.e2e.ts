/** What two experts do with their rooms beside the main way: whom they talk to, all drawing tools, help, warnings. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { launchChromium, type Person, signIn } from "./support/browser";
import { keepPictures } from "./support/failures";
import { pictureBox } from "./support/picture";
import { CLIPS, type Product, startProduct } from "./support/product";
import { at, type CaseName, caseOf, openRoom, PATIENCE } from "./support/rooms";
import { AUDIBLE, loudness, SILENT } from "./support/sound";

const SITES = ["shancheng", "haibin", "hekou"] as const;
const WINDOW = { width: 1440, height: 900 };
const HOUR_MS = 3_600_000;

let product: Product;
let browser: Browser;
let rooms: Person[];
let cases: CaseName[];
let lead: Person;
let backup: Person | undefined;

interface Shown {
  readonly strokes: readonly { tool: string; text?: string; surface: { frozen?: string }; by_id: string }[];
  readonly advice: readonly { text: string }[];
}

/** The state of a room's session as the server gives it to this page. */
const stateOf = (page: Page, caseId: string): Promise<Shown> =>
  page.evaluate(async (id) => ((await (await fetch(`/api/sessions/${id}`)).json()) as { state: Shown }).state, caseId);

const focusVideo = (page: Page) => page.locator('[data-testid="focus-video"][data-layer="high"]');

async function dragOnPicture(page: Page, from: readonly [number, number], to: readonly [number, number]) {
  const box = await pictureBox(focusVideo(page));
  const place = ([x, y]: readonly [number, number]) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...place(from));
  await page.mouse.down();
  await page.mouse.move(...place(to), { steps: 6 });
  await page.mouse.up();
}

async function advise(page: Page, text: string): Promise<void> {
  await page.getByTestId("advice-text").fill(text);
  await page.getByTestId("advice-text").press("Enter");
  const guard = page.getByTestId("guard-confirm");
  const item = page.getByTestId("advice-item").filter({ hasText: text });
  await guard.or(item).first().waitFor(PATIENCE);
  if (await guard.isVisible()) await guard.click();
}

beforeAll(async () => {
  product = await startProduct(["--no-demo-plans", ...CLIPS, "--demo-feeds", "ultrasound"]);
  browser = await launchChromium();
  rooms = [];
  for (const site of SITES) rooms.push(await openRoom(browser, product, site, { width: 1024, height: 700 }));
  cases = await Promise.all(rooms.map(({ page }) => caseOf(page)));
  lead = await signIn(browser, product, "yunling.lead_guide", WINDOW);
});

afterEach(async ({ task }) => {
  const pages: [string, Page | undefined][] = [
    ["lead", lead.page],
    ["backup", backup?.page],
    ...rooms.map(({ page }, index): [string, Page] => [SITES[index] ?? "", page]),
  ];
  const open = pages.filter((entry): entry is [string, Page] => entry[1]?.isClosed() === false);
  await keepPictures(task, Object.fromEntries(open));
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const hears = (index: number) => loudness(at(rooms, index).page, 3);

describe("before the start", () => {
  test("a room measures its way to the experts, and is told of a clock that is an hour wrong", async () => {
    const { page } = at(rooms, 2);
    await page.evaluate((ahead) => {
      const now = Date.now;
      Date.now = () => now() + ahead;
    }, HOUR_MS);
    await page.getByTestId("devices").click();
    await page.getByTestId("link-test").click();
    const result = page.getByTestId("link-test-result");
    await result.waitFor(PATIENCE);
    expect(await result.locator("li").count()).toBe(3);
    expect(await result.textContent()).toContain("3600");
    await page.getByTestId("start-done").click();
  });
});

describe("whom an expert talks to", () => {
  test("the number of a room brings it into focus, zero goes back to the wall", async () => {
    const { page } = lead;
    await page.getByTestId("wall").waitFor(PATIENCE);
    const first = [...cases].sort((one, other) => one.number.localeCompare(other.number));
    await page.keyboard.press("2");
    await page.waitForURL(`**/wall/${at(first, 1).id}`);
    await page.keyboard.press("0");
    await page.waitForURL("**/wall");
    await page.keyboard.press("?");
    await page.keyboard.press("Escape");
    await page.goto(`/wall/${at(cases, 0).id}`);
    await focusVideo(page).waitFor(PATIENCE);
  });

  test("all rooms hear what is said to all", async () => {
    await lead.page.getByTestId("talk-target-all").click();
    await lead.page.getByTestId("talk-latch").click();
    for (const index of rooms.keys()) await expect.poll(() => hears(index), PATIENCE).toBeGreaterThan(AUDIBLE);
    await lead.page.getByTestId("talk-latch").click();
    for (const index of rooms.keys()) await expect.poll(() => hears(index), PATIENCE).toBeLessThan(SILENT);
  });

  test("two chosen rooms hear it, the third does not", async () => {
    await lead.page.getByTestId("talk-target-some").click();
    const choice = (name: string) => lead.page.locator(".talk-bar__rooms label").filter({ hasText: name });
    await choice("山城").getByRole("checkbox").setChecked(true);
    await choice("海滨").getByRole("checkbox").setChecked(false);
    await choice("河口").getByRole("checkbox").setChecked(true);
    expect(await lead.page.getByTestId("talk-band").textContent()).toContain("河口");
    await lead.page.getByTestId("talk-latch").click();
    for (const index of [0, 2]) await expect.poll(() => hears(index), PATIENCE).toBeGreaterThan(AUDIBLE);
    expect(await hears(1)).toBeLessThan(SILENT);
    await lead.page.getByTestId("talk-latch").click();
    await lead.page.getByTestId("talk-target-focused").click();
  });

  test("the room is heard until it is muted", async () => {
    const mute = at(rooms, 0).page.getByTestId("mute");
    await mute.click();
    await expect.poll(() => mute.getAttribute("aria-pressed"), PATIENCE).toBe("false");
    await expect.poll(() => loudness(lead.page, 3), PATIENCE).toBeGreaterThan(AUDIBLE);
    await at(rooms, 0).page.keyboard.press("m");
    await expect.poll(() => mute.getAttribute("aria-pressed"), PATIENCE).toBe("true");
    await expect.poll(() => loudness(lead.page, 3), PATIENCE).toBeLessThan(SILENT);
  });
});

describe("what calls an expert", () => {
  test("two of his rooms in a critical step: he is warned, until one is past it", async () => {
    for (const index of [0, 1]) await at(rooms, index).page.getByTestId("step-puncture").click();
    const warning = lead.page.getByTestId("two-critical");
    await warning.waitFor(PATIENCE);
    await at(rooms, 1).page.getByTestId("step-withdraw").click();
    await warning.waitFor({ state: "detached", ...PATIENCE });
    await at(rooms, 2).context.close();
    await at(rooms, 1).context.close();
  });

  test("a room needs help now: the call stands on the expert's page until he answers", async () => {
    const { page } = at(rooms, 0);
    await page.keyboard.press("h");
    await lead.page.getByTestId("answer-help").click(PATIENCE);
    await lead.page.getByTestId("help-call").waitFor({ state: "detached", ...PATIENCE });
    await expect.poll(() => page.getByTestId("help").isEnabled(), PATIENCE).toBe(true);
  });
});

describe("drawing", () => {
  test("the frozen picture is the room's too; arrow, ellipse and text lie on it; undo and clear take them away", async () => {
    const { page } = at(rooms, 0);
    const { id } = at(cases, 0);
    await lead.page.keyboard.press("f");
    await page.getByTestId("frozen-picture").waitFor(PATIENCE);
    await lead.page.getByTestId("draw-arrow").click();
    await dragOnPicture(lead.page, [0.3, 0.4], [0.5, 0.5]);
    await lead.page.getByTestId("draw-ellipse").click();
    await dragOnPicture(lead.page, [0.4, 0.4], [0.6, 0.6]);
    await lead.page.getByTestId("draw-text").click();
    const box = await pictureBox(focusVideo(lead.page));
    await lead.page.mouse.click(box.x + box.width * 0.3, box.y + box.height * 0.7);
    await lead.page.getByTestId("drawing-text").fill("针尖");
    await lead.page.getByTestId("drawing-text").press("Enter");
    const tools = async () => (await stateOf(page, id)).strokes.map(({ tool, text }) => text ?? tool);
    await expect.poll(tools, PATIENCE).toEqual(["arrow", "ellipse", "针尖"]);
    for (const { surface } of (await stateOf(page, id)).strokes) expect(surface.frozen).toBeTruthy();
    await lead.page.getByTestId("draw-undo").click();
    await expect.poll(tools, PATIENCE).toEqual(["arrow", "ellipse"]);
    await lead.page.getByTestId("draw-clear").click();
    await expect.poll(tools, PATIENCE).toEqual([]);
    await lead.page.getByTestId("freeze").click();
    await page.getByTestId("frozen-picture").waitFor({ state: "detached", ...PATIENCE });
  });

  test("two experts draw and advise at the same time: both arrive, each once", async () => {
    const { page } = at(rooms, 0);
    const { id } = at(cases, 0);
    const second = (backup = await signIn(browser, product, "yunling.backup_guide", WINDOW));
    await second.page.goto(`/wall/${id}`);
    await focusVideo(second.page).waitFor(PATIENCE);
    const both = [lead, second];
    for (const { page: desk } of both) await desk.getByTestId("draw-pen").click();
    await Promise.all(both.map(({ page: desk }, index) => dragOnPicture(desk, [0.2, 0.3 + index / 5], [0.7, 0.5])));
    await expect.poll(async () => (await stateOf(page, id)).strokes.length, PATIENCE).toBe(2);
    const authors = (await stateOf(page, id)).strokes.map(({ by_id }) => by_id);
    expect(new Set(authors).size).toBe(2);
    await Promise.all(both.map(({ page: desk }, index) => advise(desk, `意见 ${index}`)));
    const given = async () => (await stateOf(page, id)).advice.map(({ text }) => text).sort();
    await expect.poll(given, PATIENCE).toEqual(["意见 0", "意见 1"]);
    for (const { page: desk } of both)
      await expect.poll(() => desk.getByTestId("advice-item").filter({ hasText: "意见" }).count(), PATIENCE).toBe(2);
    expect([...at(rooms, 0).errors, ...lead.errors, ...second.errors]).toEqual([]);
  });
});
