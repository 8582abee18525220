/** What goes wrong in a session and what goes beside the way, on the real server, LiveKit and gateways. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { launchChromium, type Person, signIn } from "./support/browser";
import { keepPictures } from "./support/failures";
import { framesShown } from "./support/picture";
import { childOf } from "./support/processes";
import { CLIPS, type Product, startProduct, TONGTAI } from "./support/product";
import { makeEncodedSeries, pushCt } from "./support/push";
import { acknowledgedUntilLost, allEvents, type CaseName, caseOf, lastSeq, openRoom, PATIENCE } from "./support/rooms";
import { AUDIBLE, loudness, SILENT } from "./support/sound";

const SITE = "shancheng";
const WINDOW = { width: 1440, height: 900 };
const FOCUS_VIDEO = '[data-testid="focus-video"][data-layer="high"]';

let product: Product;
let browser: Browser;
let room: Person;
let lead: Person;
let backup: Person;
let own: CaseName;

const plays = (page: Page, video: string) => expect.poll(() => framesShown(page.locator(video), 2), PATIENCE);

beforeAll(async () => {
  product = await startProduct(["--no-demo-plans", ...CLIPS, "--demo-feeds", "ultrasound"]);
  browser = await launchChromium();
  room = await openRoom(browser, product, SITE, { width: 1180, height: 820, permissions: [] });
  own = await caseOf(room.page);
  [lead, backup] = (await Promise.all(
    ["lead_guide", "backup_guide"].map((role) => signIn(browser, product, `yunling.${role}`, WINDOW)),
  )) as [Person, Person];
  await Promise.all([lead, backup].map(({ page }) => page.goto(`/wall/${own.id}`)));
});

afterEach(async ({ task }) => {
  await keepPictures(task, { lead: lead.page, backup: backup.page, room: room.page });
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

describe("a browser that refuses camera and microphone", () => {
  test("is told what to do, wherever it was asked", async () => {
    const { page } = room;
    await page.getByTestId("mute").click();
    const problem = page.getByTestId("device-problem");
    await expect.poll(() => problem.textContent(), PATIENCE).toContain("允许");
    await page.getByTestId("devices").click();
    await page.getByTestId("add-camera").click();
    await expect.poll(() => problem.textContent(), PATIENCE).toContain("允许");
    await page.getByTestId("start-done").click();
  });

  test("does not keep the session from going on", async () => {
    await plays(room.page, '[data-testid="room-video-ultrasound"]').toBeGreaterThan(5);
    await room.page.getByTestId("step-positioning").click();
    const marked = lead.page.getByTestId("timeline").locator('[data-type="step.marked"]');
    await expect.poll(() => marked.count(), PATIENCE).toBe(1);
    await plays(lead.page, FOCUS_VIDEO).toBeGreaterThan(5);
  });
});

describe("a source that never starts", () => {
  test("the expert reads it beside the pictures, and the other feeds go on", async () => {
    const engineer = await signIn(browser, product, `${SITE}.engineer`);
    // A second gateway at the same table.
    const code = await engineer.page.evaluate(async () => {
      const me = (await (await fetch("/api/auth/me")).json()) as { csrf_token: string };
      const [first] = (await (await fetch("/api/gateways")).json()) as { operating_room_id: string }[];
      const answer = await fetch("/api/gateways", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf_token },
        body: JSON.stringify({ name: "monitor", operating_room_id: first?.operating_room_id }),
      });
      return ((await answer.json()) as { code: string }).code;
    });
    await engineer.context.close();
    const data = path.join(product.data, "gateways", "second");
    const feed = "monitor=rtsp://127.0.0.1:9/nobody-listens-here";
    const words = ["gateway", "--server", product.url, "--code", code, "--data", data, "--feed", feed, "--no-record"];
    const gateway = spawn(TONGTAI, words, { stdio: "ignore" });
    try {
      const trouble = lead.page.getByTestId("feed-trouble-monitor");
      await expect.poll(() => trouble.textContent(), PATIENCE).toMatch(/监护.*没有信号源/);
      await plays(lead.page, FOCUS_VIDEO).toBeGreaterThan(5);
    } finally {
      gateway.kill();
    }
  });
});

describe("experts among themselves", () => {
  test("what is said to the experts only reaches them, and not the room", async () => {
    await lead.page.getByTestId("talk-target-experts").click();
    await lead.page.getByTestId("talk-latch").click();
    await expect.poll(() => loudness(backup.page, 3), PATIENCE).toBeGreaterThan(AUDIBLE);
    expect(await loudness(room.page, 3)).toBeLessThan(SILENT);
    await lead.page.getByTestId("talk-latch").click();
  });

  test("the lead goes over to the backup guide, once he accepts", async () => {
    const leader = (page: Page) => page.locator('li[data-leads="true"]');
    for (const { page } of [lead, backup]) await page.getByTestId("tab-case").click();
    await expect.poll(() => leader(lead.page).textContent(), PATIENCE).toContain("陈敏");
    await lead.page.getByTestId("handover").click();
    const accept = backup.page.getByTestId("handover-accept");
    await accept.waitFor(PATIENCE);
    expect(await leader(backup.page).textContent()).toContain("陈敏");
    await accept.click();
    for (const { page } of [lead, backup]) {
      await expect.poll(() => leader(page).textContent(), PATIENCE).toContain("吴岭");
    }
    expect(await lead.page.getByTestId("handover-offer").count()).toBe(0);
    await backup.context.close();
  });
});

describe("CT", () => {
  let folder: string;
  const shown = () => room.page.getByTestId("shown-slice").locator('[data-slice][data-ready="true"]');

  /** The picture in the room: a sum of its pixels that no other picture has, and how many greys there are. */
  const pictureShown = () =>
    shown()
      .locator("canvas")
      .first()
      .evaluate(async (canvas) => {
        if (!(canvas instanceof HTMLCanvasElement)) throw new Error("not a canvas");
        const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
        if (!data) throw new Error("no picture");
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
        const greys = new Set(data.filter((_, index) => index % 4 === 0)).size;
        return { greys, size: [canvas.width, canvas.height], digest: [...digest].join(" ") };
      });

  async function show(series: string): Promise<string> {
    const { page } = lead;
    await page.locator(".ct-panel__head select").selectOption({ label: `${series} · 3` });
    const viewport = page.getByTestId("ct-viewport");
    await expect.poll(() => page.getByTestId("ct-slice-number").textContent(), PATIENCE).toContain("/3");
    await viewport.press("End");
    await expect.poll(() => page.getByTestId("ct-slice-number").textContent(), PATIENCE).toContain("3/3");
    expect(await page.locator(".tt-ct__alert").count()).toBe(0);
    await page.getByTestId("ct-show").click();
    return (await viewport.getAttribute("data-slice")) ?? "";
  }

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "tongtai-ct-"));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("a slice that an expert shows is the one that the room sees, however it is encoded", async () => {
    const names = await makeEncodedSeries(folder);
    expect(names.length).toBe(5);
    await pushCt(product, SITE, own.number, folder);
    await lead.page.getByTestId("tab-ct").click();
    const pictures = new Map<string, Awaited<ReturnType<typeof pictureShown>>>();
    for (const name of names) {
      const slice = await show(name);
      expect(slice).not.toBe("");
      await expect.poll(() => shown().getAttribute("data-slice"), PATIENCE).toBe(slice);
      pictures.set(name, await pictureShown());
    }
    const plain = pictures.get("plain");
    expect(plain?.greys).toBeGreaterThan(50);
    for (const [name, picture] of pictures) expect({ name, ...picture }).toEqual({ name, ...plain });
  });
});

describe("killed with -9 in mid-session", () => {
  test("LiveKit: the room is told, pictures and talk come back by themselves", async () => {
    process.kill(childOf(product.process.pid ?? 0, "livekit.yaml"), "SIGKILL");
    const lost = room.page.getByTestId("room-lost");
    await lost.waitFor(PATIENCE);
    await lost.waitFor({ state: "detached", ...PATIENCE });
    await plays(room.page, '[data-testid="room-video-ultrasound"]').toBeGreaterThan(5);
    await plays(lead.page, FOCUS_VIDEO).toBeGreaterThan(5);
    await lead.page.getByTestId("talk-target-focused").click();
    await lead.page.getByTestId("talk-latch").click();
    await expect.poll(() => loudness(room.page, 3), PATIENCE).toBeGreaterThan(AUDIBLE);
    await lead.page.getByTestId("talk-latch").click();
  });

  test("the server: what was acknowledged is there, what the room did meanwhile is sent once", async () => {
    const server = childOf(product.process.pid ?? 0, "tongtai.entrypoints.web");
    const writing = acknowledgedUntilLost(lead.page, own.id, "mark.added");
    await expect.poll(() => lead.page.locator('[data-type="mark.added"]').count(), PATIENCE).toBeGreaterThan(20);
    process.kill(server, "SIGKILL");
    await room.page.getByTestId("step-planning_scan").click();
    await room.page.getByTestId("room-waiting").waitFor(PATIENCE);
    const acknowledged = await writing;
    await room.page.getByTestId("room-waiting").waitFor({ state: "detached", ...PATIENCE });
    await room.page.getByTestId("room-lost").waitFor({ state: "detached", ...PATIENCE });

    const events = await allEvents(lead.page, own.id);
    const kept = new Map(events.map((event) => [event.id, event.seq]));
    expect(acknowledged.length).toBeGreaterThan(20);
    expect(acknowledged.filter(({ id, seq }) => kept.get(id) !== seq)).toEqual([]);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const steps = events.filter(({ type }) => type === "step.marked");
    expect(steps.map(({ payload }) => payload.step)).toEqual(["positioning", "planning_scan"]);

    const ofRoom = () => room.page.locator("[data-seq]").first().getAttribute("data-seq");
    const timeline = lead.page.getByTestId("timeline");
    await expect.poll(async () => (await lastSeq(timeline)) - Number(await ofRoom()), PATIENCE).toBe(0);
    await plays(lead.page, FOCUS_VIDEO).toBeGreaterThan(5);
    expect([...room.errors, ...lead.errors]).toEqual([]);
  });
});
