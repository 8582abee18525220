/** What the expert's browser sees of three or of thirty rooms; `tongtai bench live|thirty` starts it and prints the rows. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, test } from "vitest";

import { type Person, launchChromium, signIn } from "./support/browser";
import { giveEyes } from "./support/eyes";
import { pictureBox } from "./support/picture";
import { childOf, processorSeconds } from "./support/processes";
import { sendCt } from "./support/push";

interface Task {
  readonly url: string;
  readonly password: string;
  readonly guide: string;
  readonly operator: string;
  readonly cases: readonly { readonly id: string; readonly number: string }[];
  /** What of the walk is to be measured: join, tiles, glass, focus, draw, ct, restart. */
  readonly parts: readonly string[];
  /** A CT of the first case's patient. */
  readonly ct: string;
  readonly ct_slices: number;
  readonly up_pid: number;
  readonly output: string;
}

const task = JSON.parse(readFileSync(process.env.TONGTAI_MEASURE ?? "", "utf8")) as Task;
const few = task.cases.length <= 3;
const wanted = (part: string): boolean => task.parts.includes(part);
const TILES = '[data-testid^="tile-"] video';
const HIGH = '[data-testid="focus-video"][data-layer="high"]';
const FAILURES = path.resolve(import.meta.dirname, "../../test-results");
const JOINS = 5;
/** What has not come by then is written down as this long. */
const PATIENCE_S = 60;
const SWITCHES = 12;
const STROKES = 40;

const measured: Record<string, number[]> = {};
let browser: Browser;
let expert: Person;
/** Everybody who is in, for the pictures of a failure. */
const people: Person[] = [];

function caseAt(index: number): { id: string; number: string } {
  const found = task.cases[index];
  if (found === undefined) throw new Error(`there is no case ${index}`);
  return found;
}

async function enter(login: string, size: { width: number; height: number }): Promise<Person> {
  const person = await signIn(browser, { url: task.url, passwords: new Map([[login, task.password]]) }, login, size);
  await giveEyes(person.page);
  people.push(person);
  return person;
}

async function openWall(page: Page): Promise<number> {
  const before = Date.now();
  await page.goto("/wall");
  const shown = await page.evaluate(
    async ([selector, count, limit]) => window.eyes.allShown(selector, count, 0, limit),
    [TILES, task.cases.length, PATIENCE_S] as const,
  );
  return shown - before;
}

beforeAll(async () => {
  browser = await launchChromium();
  expert = await enter(task.guide, { width: 1920, height: 1080 });
});

afterAll(async () => {
  await browser.close();
  writeFileSync(task.output, JSON.stringify(measured));
});

afterEach(async ({ task: { name, result } }) => {
  if (result?.state !== "fail") return;
  for (const [index, { page }] of people.entries()) {
    const picture = `measure-${name.replaceAll(/[^a-z]+/gi, "-")}-${index}.png`;
    await page.screenshot({ path: path.join(FAILURES, picture) });
  }
});

test("the wall opens", async () => {
  // Once without counting, and on another page until the gateways are on their way in.
  await expert.page.goto("/account");
  await expert.page.waitForTimeout(few ? 5_000 : 20_000);
  await openWall(expert.page);
});

test.runIf(wanted("join"))("join", { timeout: 300_000 }, async () => {
  measured.join_ms = [];
  for (let turn = 0; turn < JOINS; turn += 1) {
    // From another page of the console: leaving thirty rooms is not part of entering them.
    await expert.page.goto("/account");
    await expert.page.waitForTimeout(3_000);
    measured.join_ms.push(await openWall(expert.page));
  }
});

test.runIf(wanted("tiles"))("the wall's pictures and what they cost", async () => {
  await expert.page.waitForTimeout(5_000);
  const servers = [childOf(task.up_pid, "livekit.yaml"), childOf(task.up_pid, "tongtai.entrypoints.web")];
  const [before, began] = [servers.map(processorSeconds), Date.now()];
  const rates = await expert.page.evaluate(async (tiles) => window.eyes.frameRates(tiles, 10), TILES);
  // A tile without a picture has none a second.
  measured.tile_fps = task.cases.map((_, index) => rates[index] ?? 0);
  const elapsed_s = (Date.now() - began) / 1000;
  const [livekit, server] = servers.map((pid, index) => (processorSeconds(pid) - (before[index] ?? 0)) / elapsed_s);
  measured.livekit_cores = [livekit ?? 0];
  measured.server_cores = [server ?? 0];
});

test.runIf(wanted("glass"))("glass to glass on the wall and in focus", async () => {
  measured.wall_glass_ms = await expert.page.evaluate(async () => window.eyes.glassToGlass(15));
  await expert.page.goto(`/wall/${caseAt(0).id}`);
  await expert.page.locator(HIGH).waitFor();
  await expert.page.waitForTimeout(5_000);
  measured.focus_glass_ms = await expert.page.evaluate(async () => window.eyes.glassToGlass(15));
});

test.runIf(wanted("focus"))("focus from room to room", async () => {
  await expert.page.goto(`/wall/${caseAt(0).id}`);
  await expert.page.locator(HIGH).waitFor();
  await expert.page.waitForTimeout(3_000);
  measured.focus_ms = [];
  for (let turn = 1; turn <= SWITCHES; turn += 1) {
    const target = task.cases.length === 1 ? 0 : turn % task.cases.length;
    const shown = expert.page.evaluate(async (high) => {
      const trackOf = (video: HTMLVideoElement | null) =>
        video?.srcObject instanceof MediaStream ? video.srcObject.getVideoTracks()[0]?.id : undefined;
      const old = trackOf(document.querySelector<HTMLVideoElement>(high));
      for (;;) {
        const video = document.querySelector<HTMLVideoElement>(high);
        const track = trackOf(video);
        if (video && track !== undefined && track !== old) {
          return new Promise<number>((resolve) =>
            video.requestVideoFrameCallback((_now, frame) => {
              resolve(Date.now() + (frame.expectedDisplayTime - performance.now()));
            }),
          );
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }, HIGH);
    await expert.page.keyboard.press(String(target + 1));
    const end = await shown;
    const acted = await expert.page.evaluate(() => window.eyes.acted_ms.at(-1) ?? 0);
    measured.focus_ms.push(end - acted);
    await expert.page.waitForTimeout(1_000);
  }
});

test.runIf(wanted("draw"))("from the expert's hand to the operator's screen", async () => {
  const operator = await enter(task.operator, { width: 1180, height: 820 });
  await operator.page.goto(`/room/${caseAt(0).id}`);
  await operator.page.getByTestId("start-done").click();
  await operator.page.getByTestId("drawing-surface").waitFor();
  await expert.page.goto(`/wall/${caseAt(0).id}`);
  await expert.page.locator(HIGH).waitFor();
  await expert.page.getByTestId("draw-pen").click();
  await expert.page.locator('[data-testid="drawing-surface"][role="application"]').first().waitFor();
  const box = await pictureBox(expert.page.locator(HIGH));
  measured.draw_ms = [];
  for (let stroke = 0; stroke < STROKES; stroke += 1) {
    const y = box.y + box.height * (0.2 + (0.6 * stroke) / STROKES);
    await expert.page.mouse.move(box.x + box.width * 0.3, y);
    await expert.page.mouse.down();
    await expert.page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
    await expert.page.mouse.up();
    const acted = await expert.page.evaluate(() => window.eyes.acted_ms.at(-1) ?? 0);
    const drawn = await operator.page.evaluate(
      async ([after, patience_ms]) => {
        for (const end = Date.now() + patience_ms; Date.now() < end;) {
          const first = window.eyes.drawn_ms.find((at) => at > after);
          if (first !== undefined) return first;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        throw new Error("A stroke never reached the operator's screen.");
      },
      [acted, PATIENCE_S * 1000] as const,
    );
    measured.draw_ms.push(drawn - acted);
    await expert.page.waitForTimeout(600);
  }
  people.pop();
  await operator.context.close();
});

test.runIf(wanted("ct"))("a CT from the hospital to the expert's screen", async () => {
  await expert.page.goto(`/wall/${caseAt(0).id}`);
  await expert.page.locator(HIGH).waitFor();
  await expert.page.getByTestId("tab-ct").click();
  await expert.page.waitForTimeout(3_000);
  const arrival = expert.page.evaluate(
    async ([slices, limit_s]) => {
      performance.setResourceTimingBufferSize(5_000);
      const late_ms = Date.now() + limit_s * 1000;
      let first_ms = late_ms;
      for (;;) {
        const viewport = document.querySelector('[data-testid="ct-viewport"][data-slice]');
        if (viewport && first_ms === late_ms) {
          // What the viewer has reported is painted with the page's next frame.
          await new Promise((resolve) => requestAnimationFrame(resolve));
          first_ms = Date.now();
        }
        const pixels = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/frames/"));
        const ends = new Map(pixels.map((one) => [one.name, (one as PerformanceResourceTiming).responseEnd]));
        const all_ms = performance.timeOrigin + Math.max(...ends.values());
        if (ends.size >= slices || Date.now() > late_ms)
          return { first_ms, all_ms: ends.size >= slices ? all_ms : late_ms };
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    [task.ct_slices, PATIENCE_S] as const,
  );
  const began = Date.now();
  await sendCt(task, task.operator, caseAt(0).number, task.ct);
  const { first_ms, all_ms } = await arrival;
  measured.ct_first_ms = [first_ms - began];
  measured.ct_all_ms = [all_ms - began];
});

test.runIf(wanted("restart"))("the media server is killed and comes back", async () => {
  measured.restart_ms = [];
  await openWall(expert.page);
  for (let turn = 0; turn < 2; turn += 1) {
    await expert.page.waitForTimeout(5_000);
    const killed = Date.now();
    process.kill(childOf(task.up_pid, "livekit.yaml"), "SIGKILL");
    // What was on its way is shown for some moments; after that every picture has come through the new server.
    const shown = await expert.page.evaluate(
      async ([selector, count, after, limit]) => window.eyes.allShown(selector, count, after, limit),
      [TILES, task.cases.length, killed + 400, PATIENCE_S] as const,
    );
    measured.restart_ms.push(shown - killed);
  }
});
