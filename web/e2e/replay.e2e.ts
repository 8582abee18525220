/** An operation is recorded at the table, seen again beside its log, and shown for teaching with its label covered. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { launchChromium } from "./support/browser";
import { Cast, PATIENCE } from "./support/cast";
import { giveEyes } from "./support/eyes";
import { keepPictures } from "./support/failures";
import { type Product, startProduct, TONGTAI } from "./support/product";
import { allEvents, caseOf, command, type LoggedEvent } from "./support/rooms";

const FEEDS = ["room", "ct", "monitor"];
const ALIGNED_MS = 200;
const ROOM = "[data-testid=replay-video-room]";
/** What hides a label keeps at least this dark (of 255). */
const BLACK = 24;
const WITHIN_MS = 15_000;

const WAITING = { timeout: 90_000, interval: 500 };
let product: Product;
let browser: Browser;
let cast: Cast;
let gateway: ChildProcess | undefined;
let caseId: string;
let marked: LoggedEvent & { readonly t_server_ms: number };
const pages: Record<string, Page> = {};

async function consent(kind: string): Promise<string> {
  type Signed = { consents: { id: string; kind: string }[] };
  const signed = await cast.send<Signed>("shancheng.attending", "POST", `/api/cases/${caseId}/consents`, {
    kind,
    template: "v1",
    text: "已告知内容、目的与影响",
    signer_name: "演示患者",
    relation: "patient",
    signed_at: new Date(Date.now() - 1000).toISOString(),
  });
  return signed.consents.findLast((one) => one.kind === kind)?.id ?? "";
}

/** A gateway that records short segments and uploads them at once; a time code stands in the pictures of the room. */
async function recordingGateway(): Promise<ChildProcess> {
  const engineer = "shancheng.engineer";
  const [known] = await cast.send<{ operating_room_id: string }[]>(engineer, "GET", "/api/gateways");
  const made = await cast.send<{ code: string }>(engineer, "POST", "/api/gateways", {
    name: "Recorder",
    operating_room_id: known?.operating_room_id,
  });
  const feeds = ["room=test:640x360@25", "ct=demo:ct", "monitor=demo:monitor"].flatMap((feed) => ["--feed", feed]);
  const folder = path.join(product.data, "recorder");
  const options = ["--server", product.url, "--code", made.code, "--data", folder, "--segment-s", "6"];
  return spawn(TONGTAI, ["gateway", ...options, "--upload-during-case", ...feeds], { stdio: "ignore" });
}

async function uploaded(): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { feed } of await cast.send<{ feed: string }[]>(
    "shancheng.operator",
    "GET",
    `/api/cases/${caseId}/recordings`,
  )) {
    counts.set(feed, (counts.get(feed) ?? 0) + 1);
  }
  return counts;
}

/** The brightest point (0…255) of the upper tenth of the picture now on display. */
const brightestAbove = (video: Locator): Promise<number> =>
  video.evaluate((element) => {
    if (!(element instanceof HTMLVideoElement)) throw new Error("not a video");
    const strip = new OffscreenCanvas(320, 18).getContext("2d");
    if (!strip) throw new Error("no canvas");
    strip.drawImage(element, 0, 0, element.videoWidth, element.videoHeight / 10, 0, 0, 320, 18);
    return Math.max(...strip.getImageData(0, 0, 320, 18).data.filter((_, index) => index % 4 !== 3));
  });

async function openReplay(login: string): Promise<Page> {
  const page = await cast.open(login, caseId, "replay");
  await page.getByTestId("open-replay").click(PATIENCE);
  return page;
}

describe("a session seen again", () => {
  beforeAll(async () => {
    product = await startProduct(["--no-demo-plans", "--demo-feeds", "ultrasound"]);
    browser = await launchChromium();
    cast = new Cast(browser, product);
    caseId = (await caseOf(await cast.as("shancheng.operator"))).id;
  }, 240_000);

  afterAll(async () => {
    gateway?.kill("SIGTERM");
    await browser.close();
    await product.stop();
  });

  afterEach(async ({ task }) => keepPictures(task, pages));

  test("without the patient's consent the page says what is missing; with it, that nothing is here yet", async () => {
    const site = "shancheng.attending";
    type Signed = { consents: { id: string; kind: string }[] };
    const { consents } = await cast.send<Signed>(site, "GET", `/api/cases/${caseId}/consents`);
    const first = consents.find(({ kind }) => kind === "recording");
    await cast.send(site, "POST", `/api/cases/${caseId}/consents/${first?.id ?? ""}/withdraw`, { reason: "" });
    const guide = (pages.guide = await openReplay("yunling.lead_guide"));
    await guide.getByTestId("replay-refused").waitFor(PATIENCE);
    await consent("recording");
    await guide.reload();
    await guide.locator(".tt-notice").waitFor(PATIENCE);
    expect(await guide.getByTestId("replay-refused").count()).toBe(0);
  });

  test("three feeds are recorded while steps, advice, a drawing and a mark go into the log", async () => {
    gateway = await recordingGateway();
    const site = await cast.as("shancheng.operator");
    const guide = await cast.as("yunling.lead_guide");
    await expect.poll(() => command(site, caseId, "session.opened", {}), WAITING).toSatisfy((status) => status < 500);
    await expect.poll(async () => (await uploaded()).get("room") ?? 0, WAITING).toBeGreaterThanOrEqual(1);
    await command(site, caseId, "step.marked", { step: "puncture" });
    const given = { advice_id: "advice_1", level: "suggest", text: "进针再深 5 mm" };
    await command(guide, caseId, "advice.given", given);
    const stroke = { stroke_id: "s1", surface: { kind: "feed", feed: "room" }, tool: "pen", width: 0.006 };
    const points = [0.3, 0.4, 0.5, 0.6].map((x) => [x, 0.3 + x / 3]);
    await command(guide, caseId, "draw.added", { ...stroke, points, colour: "#ffd166" });
    await command(site, caseId, "mark.added", { text: "针尖可见" });
    const found = (await allEvents(guide, caseId)).find(({ type }) => type === "mark.added");
    if (!found) throw new Error("the mark is not in the log");
    marked = found as typeof marked;
    const before = await uploaded();
    await expect
      .poll(async () => {
        const now = await uploaded();
        return FEEDS.every((feed) => (now.get(feed) ?? 0) >= (before.get(feed) ?? 0) + 2);
      }, WAITING)
      .toBe(true);
    gateway.kill("SIGTERM");
  });

  test("pictures and log go by one clock: at an event the picture carries its time, while it plays too", async () => {
    const page = (pages.guide = await cast.as("yunling.lead_guide"));
    await giveEyes(page);
    await openReplay("yunling.lead_guide");
    await page.getByTestId("replay").waitFor(PATIENCE);
    // Behind another window a paused video need not paint what it has.
    await page.bringToFront();
    await page.locator(`[data-testid=replay-log] [data-seq="${marked.seq}"] button`).click(PATIENCE);
    const late = () =>
      page.evaluate(([selector, at]) => window.eyes.lateBy(selector, at), [ROOM, marked.t_server_ms] as const);
    await expect.poll(late, WAITING).not.toBeNull();
    await expect.poll(async () => Math.abs((await late()) ?? Infinity), WAITING).toBeLessThanOrEqual(ALIGNED_MS);
    const atEvent = (await late()) ?? Number.NaN;
    expect(await page.locator(`[data-seq="${marked.seq}"]`).getAttribute("data-now")).toBe("true");
    await page.keyboard.press("Home");
    await page.getByTestId("replay-play").click();
    const offs = await whilePlaying(page, 40);
    process.stdout.write(
      `replay: ${atEvent} ms off at the event; playing: worst ${worst(offs)} ms of ${offs.length} looks\n`,
    );
    expect(offs.length).toBeGreaterThan(20);
    expect(worst(offs)).toBeLessThanOrEqual(ALIGNED_MS);
  });

  test("by keyboard: play, jump, go from event to event, one picture large, faster", async () => {
    const page = await cast.as("yunling.lead_guide");
    const desk = page.getByTestId("replay");
    const at = async () => Number(await page.getByTestId("replay-time").getAttribute("data-at-ms"));
    await page.locator("h1").click();
    if ((await desk.getAttribute("data-playing")) === "true") await page.keyboard.press("Space");
    await page.keyboard.press("Home");
    const start = await at();
    await page.keyboard.press("ArrowRight");
    await expect.poll(at).toBe(start + 5000);
    await page.keyboard.press(".");
    const next = await at();
    expect(next).toBeGreaterThan(start + 5000);
    await page.keyboard.press(",");
    expect(await at()).toBeLessThan(next);
    await page.keyboard.press("1");
    await page.locator(".replay-tile[data-large=true]").waitFor();
    await page.keyboard.press("1");
    await page.keyboard.press("+");
    await page.keyboard.press("Space");
    await expect.poll(() => desk.getAttribute("data-playing")).toBe("true");
    await page.keyboard.press("Space");
  });

  test("teaching: nothing before it is approved, then the picture without its label; a withdrawal ends it", async () => {
    const broadcast = await consent("broadcast");
    const guest = (pages.guest = await cast.as("yunling.observer"));
    await guest.goto("/teaching");
    await guest.locator(".tt-notice").waitFor(PATIENCE);
    const office = (pages.office = await cast.open("shancheng.medical_affairs", caseId, "replay"));
    await office.getByTestId("open-approval").click(PATIENCE);
    await office.getByTestId("strip-ct").click(PATIENCE);
    await office.locator("#purpose").fill("进修医师教学");
    await office.locator("#looked").check();
    await office.locator("input[type=password]").fill(cast.password("shancheng.medical_affairs"));
    await office.getByTestId("approve-ok").click();
    await office.getByTestId("end-teaching").waitFor(PATIENCE);
    await guest.reload();
    await guest.getByTestId("taught-cases").getByRole("link").click(PATIENCE);
    await guest.bringToFront();
    const picture = guest.getByTestId("replay-video-ct");
    await picture.waitFor({ state: "attached", ...PATIENCE });
    await expect.poll(() => picture.evaluate((video: HTMLVideoElement) => video.readyState), WAITING).toBe(4);
    expect(await brightestAbove(picture)).toBeLessThan(BLACK);
    expect(await guest.locator("[data-testid^=replay-tile-]").count()).toBe(1);
    const words = await guest.locator("main, #root").first().textContent();
    expect(words).not.toContain("进针再深");
    const withdrawal = `/api/cases/${caseId}/consents/${broadcast}/withdraw`;
    await cast.send("shancheng.attending", "POST", withdrawal, { reason: "" });
    await guest.getByTestId("replay-refused").waitFor({ timeout: WITHIN_MS });
    expect(await guest.locator("video").count()).toBe(0);
  });
});

const worst = (offs: readonly number[]): number => Math.max(...offs.map(Math.abs));

/** How far the time in the room's picture is from the page's clock, each time that the clock has moved. */
async function whilePlaying(page: Page, looks: number): Promise<number[]> {
  return page.evaluate(
    async ([selector, count]) => {
      const time = document.querySelector<HTMLElement>("[data-testid=replay-time]");
      const found: number[] = [];
      if (!time) return found;
      for (let look = 0; look < count; look += 1) {
        await new Promise<void>((resolve) => {
          const watch = new MutationObserver(() => {
            watch.disconnect();
            resolve();
          });
          watch.observe(time, { attributeFilter: ["data-at-ms"] });
        });
        const off = window.eyes.lateBy(selector, Number(time.dataset.atMs));
        if (off !== null) found.push(off);
      }
      return found;
    },
    [ROOM, looks] as const,
  );
}
