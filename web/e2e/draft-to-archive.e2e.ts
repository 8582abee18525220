/** Three cases from referral to archive, by the people of four institutions on their own pages, with what is refused on the way. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { launchChromium } from "./support/browser";
import { Cast, PATIENCE, stands } from "./support/cast";
import { keepPictures } from "./support/failures";
import { type Product, ROOT, startProduct } from "./support/product";
import { at, caseOf, command } from "./support/rooms";
import * as after from "./support/way/after";
import * as meeting from "./support/way/meeting";
import * as papers from "./support/way/papers";
import * as planning from "./support/way/planning";
import * as referral from "./support/way/referral";
import { LEAD, type Site } from "./support/way/site";
import * as table from "./support/way/table";

const SITES = [
  { key: "shancheng", technique: "rfa", verdict: "射频消融", patient: "王示例" },
  { key: "haibin", technique: "seeds", verdict: "粒子植入", patient: "李示例" },
  { key: "hekou", technique: "mwa", verdict: "微波消融", patient: "赵示例" },
] as const;
/** Long enough before the operation for referral, meeting and plan; near enough for its gateway to show the room. */
const TO_THE_OPERATION_MS = 6 * 3_600_000;
const LONG = { timeout: 600_000 };
/** Three plans, one after the other, on a machine whose first computation compiles. */
const PLANNED = { timeout: 1_800_000 };

let product: Product;
let browser: Browser;
let cast: Cast;
let folder: string;
let sites: Site[];
const first = () => at(sites, 0);
const abscess = () => at(sites, 2);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tongtai-way-"));
  const phases = promisify(execFile)(
    path.join(ROOT, ".venv/bin/python"),
    ["-m", "tests.support.phases", path.join(folder, "phases")],
    { cwd: ROOT },
  );
  // The plans are what this session waits for: they need not stand back for the operating rooms.
  product = await startProduct(["--no-demo-plans", "--demo-feeds", "room"], { TONGTAI_JOBS_NICE: "0" });
  await phases;
  browser = await launchChromium();
  cast = new Cast(browser, product);
  sites = [];
  for (const site of SITES) {
    const attending = `${site.key}.attending`;
    const { id } = await caseOf(await cast.as(attending));
    const { version } = await cast.send<{ version: number }>(attending, "GET", `/api/cases/${id}`);
    const scheduled_at = new Date(Date.now() + TO_THE_OPERATION_MS).toISOString();
    await cast.send(attending, "PATCH", `/api/cases/${id}`, { version, scheduled_at });
    sites.push({ ...site, caseId: id });
  }
});

afterEach(({ task }) => keepPictures(task, cast?.pages ?? {}));

afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("before the first case", () => {
  test(
    "no case begins without an agreement; both sides sign one, and write down who is licensed for what",
    LONG,
    async () => {
      const page = await cast.open(`${first().key}.attending`, first().caseId);
      await page.getByTestId("way-begin").click(PATIENCE);
      await page.locator(".ant-alert [data-lack]").first().waitFor(PATIENCE);
      for (const site of sites) {
        await papers.agree(cast, site);
        await papers.qualify(cast, `${site.key}.medical_affairs`, papers.ofSite());
      }
      const administrator = "yunling.administrator";
      const users = await cast.send<{ id: string; login: string }[]>(administrator, "GET", "/api/users");
      for (const login of [LEAD, "yunling.backup_guide"]) {
        const id = users.find((user) => user.login === login)?.id ?? "";
        await papers.qualify(cast, administrator, papers.ofGuide(id));
      }
    },
  );
});

describe("from the draft to the accepted case", () => {
  test("a draft keeps what is typed and says what it lacks; an expired consent keeps it back", LONG, async () => {
    const { key, caseId } = first();
    const login = `${key}.attending`;
    for (const site of sites) {
      const page = await cast.open(`${site.key}.attending`, site.caseId);
      await page.getByTestId("way-begin").click(PATIENCE);
      await stands(page, "draft");
    }
    let page = await cast.open(login, caseId, "intake");
    for (const item of ["history", "reason", "purpose", "specialty_wanted"]) {
      await page.getByTestId(`item-${item}`).fill("介入治疗", PATIENCE);
    }
    await page.getByTestId("item-title_wanted").locator(".ant-radio-button-wrapper").first().click();
    await page.locator("[data-testid=save-state][data-state=saved]").waitFor(PATIENCE);
    await page.reload();
    await expect.poll(() => page.getByTestId("item-history").inputValue(), PATIENCE).toBe("介入治疗");
    await papers.expiredConsent(cast, first(), "telemedicine");
    page = await cast.lacksOf(login, caseId, "submit", "consent_expired");
    await referral.submit(cast, first());
  });

  test(
    "without laboratory values the centre cannot accept; it returns the case once, with the whole list",
    LONG,
    async () => {
      const { key, caseId } = first();
      const coordinator = "yunling.coordinator";
      await cast.lacksOf(coordinator, caseId, "accept", "item_missing");
      await cast.move(coordinator, caseId, "return", "returned");
      const page = await cast.open(`${key}.attending`, caseId);
      await stands(page, "returned");
      expect(await page.locator(".way-gaps [data-lack=item_missing]").count()).toBeGreaterThan(20);
    },
  );

  test("what was missing is supplied, and the centre accepts; so it does with the other two", LONG, async () => {
    await referral.importResult(cast, first());
    for (const site of sites) {
      const biliary = site === abscess() ? "yes" : "no";
      await referral.answer(cast, site, { platelets: 150, inr: 1.1, bilio_enteric_anastomosis: biliary });
      for (const item of ["ecg", "chest_imaging"]) await referral.attach(cast, site, item);
      if (site === first()) await cast.move(`${site.key}.attending`, site.caseId, "submit", "submitted");
      else await referral.submit(cast, site);
      await referral.accept(cast, site);
    }
  });
});

describe("from the meeting to the decision", () => {
  test("one person is no panel; three specialties meet, vote and sign", LONG, async () => {
    for (const site of sites) {
      await meeting.convene(cast, site, site === first());
      await meeting.meet(cast, site);
    }
  });

  test(
    "planning waits for the three phases; plans are made, approved by another, and read by the operator",
    PLANNED,
    async () => {
      await cast.lacksOf(LEAD, first().caseId, "begin_planning", "phase_missing");
      for (const site of sites) {
        await planning.sendPhases(cast, site, path.join(folder, "phases"));
        await planning.orderPlan(cast, site);
      }
      await cast.rest();
      for (const site of sites) await planning.approvePlan(cast, site);
    },
  );

  test(
    "the experts' opinion and the hospital's decision; an expired consent to surgery keeps the table back",
    LONG,
    async () => {
      for (const site of sites) await planning.decide(cast, site);
      await papers.expiredConsent(cast, first(), "surgery");
      await cast.lacksOf("yunling.coordinator", first().caseId, "schedule", "consent_expired");
      for (const site of sites) await planning.schedule(cast, site);
    },
  );
});

describe("the operations", () => {
  test(
    "readiness, sign-in and time-out, with the guide's read-back; then a physician is there, and they begin",
    LONG,
    async () => {
      for (const site of sites) {
        await table.check(cast, site, "readiness", "make_ready", "ready");
        await table.check(cast, site, "sign_in", "sign_in", "signed_in");
        await table.check(cast, site, "time_out", "time_out", "time_out_ok");
      }
      await cast.rest();
      // A picture is live once an expert's page shows it.
      await (await cast.as(LEAD)).goto("/wall");
      for (const site of sites) await table.begin(cast, site);
    },
  );

  test("a lead with needles in two rooms is told so; an advice is read back and accepted", LONG, async () => {
    await cast.rest();
    await table.steps(cast, first(), ["positioning", "puncture"]);
    const lead = await cast.as(LEAD);
    await lead.goto(`/wall/${first().caseId}`);
    await lead.getByTestId("advice-text").fill("退 5 mm", PATIENCE);
    await lead.getByTestId("advice-text").press("Enter");
    const guard = lead.getByTestId("guard-confirm");
    const item = lead.getByTestId("advice-item").filter({ hasText: "退 5 mm" });
    await guard.or(item).first().waitFor(PATIENCE);
    if (await guard.isVisible()) await guard.click();
    const room = await cast.as(`${first().key}.operator`);
    await room.getByTestId("advice-accept").click(PATIENCE);
    expect(await lead.getByTestId("two-critical").count()).toBe(0);
    await table.steps(cast, abscess(), ["positioning", "puncture"]);
    await lead.getByTestId("two-critical").waitFor(PATIENCE);
    await table.steps(cast, at(sites, 1), ["positioning", "puncture", "seed_drop"]);
    for (const site of [first(), abscess()]) {
      await table.steps(cast, site, ["energy_on", "track_ablation"]);
    }
    for (const site of sites) {
      const page = await cast.as(`${site.key}.operator`);
      const needle = { needle_id: "N1", depth_mm: 80, deviation_mm: 1.5, guide: "陈敏" };
      expect(await command(page, site.caseId, "needle.punctured", { needle_id: "N1" })).toBe(200);
      expect(await command(page, site.caseId, "needle.confirmed", needle)).toBe(200);
      await table.steps(cast, site, ["withdraw", "immediate_ct", "haemostasis", "done"]);
      await table.endSession(cast, site);
    }
  });

  test("counts agree, everybody confirms, the patients leave the room", LONG, async () => {
    for (const site of sites) await table.check(cast, site, "sign_out", "sign_out", "signed_out");
  });
});

describe("from the table to the archive", () => {
  test("the abscess warning that nobody has taken note of keeps the report back", LONG, async () => {
    for (const site of sites) await after.orderCare(cast, site);
    const { key, caseId } = abscess();
    const page = await cast.open(`${key}.attending`, caseId, "warnings");
    const warning = page.getByTestId("warning-R1");
    expect(await warning.getAttribute("data-level", PATIENCE)).toBe("red");
    await cast.lacksOf(`${key}.attending`, caseId, "report", "warning_unacknowledged");
    for (const site of sites) await after.acknowledgeAll(cast, site);
  });

  test("the operator signs the record; one changed byte of it is found", LONG, async () => {
    const { key, caseId } = first();
    await cast.lacksOf(`${key}.attending`, caseId, "report", "operation_record_unsigned");
    for (const site of sites) {
      const pdf = await after.signRecord(cast, site);
      if (site !== first()) continue;
      const page = await cast.as(`${key}.medical_affairs`);
      await page.goto("/documents/check");
      const altered = after.withOneByteChanged(pdf);
      for (const [buffer, told] of [
        [pdf, "holds"],
        [altered, "changed"],
      ] as const) {
        await page
          .locator("input[type=file]")
          .setInputFiles({ name: "record.pdf", mimeType: "application/pdf", buffer });
        await page.locator(`[data-testid=check-result] [data-finding=${told}]`).waitFor(PATIENCE);
      }
    }
  });

  test("bundles with equal hashes at both sides, follow-up with its response, the archive", LONG, async () => {
    for (const site of sites) await after.toTheArchive(cast, site);
    const page = await cast.open(`${first().key}.attending`, first().caseId);
    expect(await page.getByTestId("station-archive").getAttribute("aria-current", PATIENCE)).toBe("step");
    expect(await page.locator(".way-step").count()).toBe(0);
    expect(await after.copyForPatient(cast, first())).toMatch(/-copy\.zip$/);
    expect(cast.errors).toEqual([]);
  });
});
