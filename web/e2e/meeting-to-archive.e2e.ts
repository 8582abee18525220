/** A case from its team meeting to the archive, by the people of both sides, each in a browser of their own. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { launchChromium, type Person, signIn } from "./support/browser";
import { type Product, startProduct } from "./support/product";

const FAILURES = path.resolve(import.meta.dirname, "../../test-results");
const PATIENCE = { timeout: 60_000 };
const LONG = { timeout: 240_000 };
/** The demonstration's case that waits for its meeting. */
const LESION = "S5";
const PANEL = ["yunling.lead_guide", "yunling.backup_guide", "yunling.mdt_member"] as const;

let product: Product;
let browser: Browser;
let caseId: string;
const people = new Map<string, Person>();

async function as(login: string): Promise<Page> {
  let person = people.get(login);
  if (person === undefined) {
    person = await signIn(browser, product, login, { width: 1440, height: 900 });
    people.set(login, person);
  }
  return person.page;
}

async function open(login: string, tab = ""): Promise<Page> {
  const page = await as(login);
  await page.goto(`/cases/${caseId}${tab === "" ? "" : `?tab=${tab}`}`);
  await page.getByTestId("way-now").waitFor(PATIENCE);
  return page;
}

/** Does a step of the case and waits for the state that it leads to. */
async function move(login: string, act: string, state: string): Promise<void> {
  const page = await open(login);
  await page.getByTestId(`move-${act}`).click(PATIENCE);
  await page.getByTestId("move-confirm").click(PATIENCE);
  await page.locator(`[data-testid="way-now"][data-state="${state}"]`).waitFor(PATIENCE);
}

async function sign(page: Page, login: string): Promise<void> {
  await page.locator(".ant-modal #password").fill(product.passwords.get(login) ?? "", PATIENCE);
  await page.getByTestId("dialog-ok").click();
  await page.locator(".ant-modal").waitFor({ state: "detached", ...PATIENCE });
}

beforeAll(async () => {
  product = await startProduct(["--demo-referrals", "--no-demo-plans", "--demo-feeds", "ultrasound"]);
  browser = await launchChromium();
  const page = await as(PANEL[0]);
  caseId = await page.evaluate(async (lesion) => {
    const cases = (await (await fetch("/api/cases")).json()) as { id: string; lesion: string }[];
    return cases.find((each) => each.lesion.startsWith(lesion))?.id ?? "";
  }, LESION);
  expect(caseId).not.toBe("");
}, 300_000);

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  await mkdir(FAILURES, { recursive: true });
  const name = task.name.replaceAll(/[^a-z]+/gi, "-").slice(0, 40);
  for (const [login, { page }] of people) {
    await page.screenshot({ path: path.join(FAILURES, `${name}-${login}.png`), fullPage: true });
  }
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

describe("from the team meeting to the archive", () => {
  test("the site's physician reads the abscess warning with its reason and takes note of it", LONG, async () => {
    const page = await open("hekou.attending", "warnings");
    const warning = page.getByTestId("warning-R1");
    await warning.waitFor(PATIENCE);
    expect(await warning.getAttribute("data-level")).toBe("red");
    expect(await warning.textContent()).toContain("胆肠吻合");
    await page.getByTestId("acknowledge-R1").click();
    await page.getByTestId("acknowledge-R1").waitFor({ state: "detached", ...PATIENCE });
    const guide = await open(PANEL[0], "warnings");
    await guide.getByTestId("warning-R12").waitFor(PATIENCE);
    expect(await guide.getByTestId("acknowledge-R12").count()).toBe(0);
  });

  test("the panel writes the lesion, votes, and the chair states what most voted for", LONG, async () => {
    const chair = await as(PANEL[0]);
    await chair.goto(`/cases/${caseId}/meetings`);
    await chair.getByTestId("write-discussion").click(PATIENCE);
    await chair.locator("#lesions_0_segment").fill("S5");
    await chair.locator("#lesions_0_size_mm").fill("26");
    await chair.getByTestId("dialog-ok").click();
    await chair.locator(".ant-modal").waitFor({ state: "detached", ...PATIENCE });
    for (const [place, login] of PANEL.entries()) {
      const page = await as(login);
      await page.goto(`/cases/${caseId}/meetings`);
      await page.getByTestId("attend").click(PATIENCE);
      // One of three dissents: that must be seen beside the conclusion, and not change it.
      const verdict = place === 2 ? "微波消融" : "其他治疗";
      await page.locator(".meeting-panel .ant-radio-button-wrapper", { hasText: verdict }).click(PATIENCE);
      await page.locator(".meeting-panel #reason").fill("病灶邻近肝门");
      await page.getByTestId("cast-vote").click();
      await expect
        .poll(() => page.locator(".meeting-vote").allTextContents(), PATIENCE)
        .toContainEqual(expect.stringContaining("病灶邻近肝门"));
    }
    await chair.reload();
    await chair.getByTestId("conclude").click(PATIENCE);
    await chair.getByTestId("dialog-ok").click(PATIENCE);
    await chair.getByTestId("verdict").waitFor(PATIENCE);
    expect(await chair.getByTestId("verdict").textContent()).toContain("其他治疗");
    expect(await chair.getByTestId("seat-radiology").textContent()).toContain("不同意见");
  });

  test("a late vote is refused in words, and everybody who voted signs the minutes", LONG, async () => {
    for (const login of PANEL) {
      const page = await as(login);
      await page.goto(`/cases/${caseId}/meetings`);
      await page.getByTestId("late-vote").waitFor(PATIENCE);
      await page.getByTestId("sign-minutes").click();
      await sign(page, login);
      await page.getByTestId("sign-minutes").waitFor({ state: "detached", ...PATIENCE });
    }
    await move(PANEL[0], "decide_mdt", "mdt_decided");
  });

  test("the invited side's opinion and the inviting side's decision are two records, signed apart", LONG, async () => {
    const guide = await open(PANEL[0], "opinion");
    await guide.getByTestId("write-opinion").click(PATIENCE);
    for (const part of ["findings", "diagnosis", "recommendation"]) {
      await guide.locator(`.ant-modal #${part}`).fill("建议系统治疗");
    }
    await guide.getByTestId("dialog-ok").click();
    await guide.getByTestId("sign-opinion-record").click(PATIENCE);
    await sign(guide, PANEL[0]);
    await move(PANEL[0], "issue_opinion", "opinion_issued");
    const attending = await open("hekou.attending", "opinion");
    expect(await attending.getByTestId("write-opinion").count()).toBe(0);
    await attending.getByTestId("decide").click(PATIENCE);
    const dialog = attending.locator(".ant-modal");
    await dialog.getByText("部分采纳").click();
    await dialog.getByText("不手术").click();
    await dialog.locator("#password").fill(product.passwords.get("hekou.attending") ?? "");
    await attending.getByTestId("dialog-ok").click();
    // What is not adopted in full needs a reason.
    await dialog.getByText("部分采纳或未采纳须写明理由").waitFor(PATIENCE);
    await dialog.locator("#reason").fill("先行抗感染");
    await attending.getByTestId("dialog-ok").click();
    await attending.getByTestId("decision-1").waitFor(PATIENCE);
    await move("hekou.attending", "decide", "decision_made");
    await move("hekou.attending", "close_untreated", "closed");
  });

  test("both sides hash what arrived, and the case is archived", LONG, async () => {
    const attending = await open("hekou.attending", "archive");
    // Closing the case has made the bundle.
    await attending.getByTestId("receive").click(PATIENCE);
    await attending.getByTestId("receive").waitFor({ state: "detached", ...PATIENCE });
    await open("hekou.attending");
    expect(await attending.getByTestId("move-archive").isDisabled()).toBe(true);
    const guide = await open(PANEL[0], "archive");
    await guide.getByTestId("receive").click(PATIENCE);
    await guide.getByTestId("receive").waitFor({ state: "detached", ...PATIENCE });
    expect(await guide.getByTestId("bundle-1").textContent()).toContain("哈希一致");
    await move("hekou.attending", "archive", "archived");
    expect([...people.values()].flatMap(({ errors }) => errors)).toEqual([]);
  });
});
