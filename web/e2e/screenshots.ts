/** Takes the documentation's pictures, in both languages, from the running demonstration into docs/images. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { launchChromium, signIn } from "./support/browser";
import { type Product, startProduct } from "./support/product";

const IMAGES = path.resolve(import.meta.dirname, "../../docs/images");
// Long enough for the pictures of all feeds and for the bandwidth estimate to have risen.
const SETTLE_MS = 12_000;
const LANGUAGES = ["zh", "en"] as const;

let product: Product;
let browser: Browser;

beforeAll(async () => {
  await mkdir(IMAGES, { recursive: true });
  product = await startProduct();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
  await product.stop();
});

async function take(page: Page, name: string, language: string): Promise<void> {
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: path.join(IMAGES, `${name}-${language}.png`) });
}

async function speak(page: Page, language: string): Promise<void> {
  await page.evaluate((chosen) => {
    localStorage.setItem("tongtai.language", chosen);
  }, language);
}

const PLANS = {
  plan: "plane-axial",
  "seed-plan": "plane-across",
} as const;

/** The page of the case's plan; the demonstration's cases have one. */
async function takePlan(page: Page, caseId: string, language: string, name: keyof typeof PLANS): Promise<void> {
  const planId = await page.evaluate(async (id) => {
    const answer = (await (await fetch(`/api/cases/${id}/plans`)).json()) as { plans: { id: string }[] };
    return answer.plans[0]?.id ?? "";
  }, caseId);
  expect(planId).not.toBe("");
  await page.goto(`/cases/${caseId}/plans/${planId}`);
  await page.getByTestId(PLANS[name]).waitFor({ timeout: 60_000 });
  await take(page, name, language);
}

async function firstCase(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const cases = (await (await fetch("/api/cases")).json()) as { id: string }[];
    return cases[0]?.id ?? "";
  });
}

async function seedCase(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const cases = (await (await fetch("/api/cases")).json()) as { id: string; technique: string }[];
    return cases.find(({ technique }) => technique === "seeds")?.id ?? "";
  });
}

test.each(LANGUAGES)("pages in %s", async (language) => {
  const stranger = await browser.newContext({ viewport: { width: 1920, height: 1080 }, baseURL: product.url });
  const login = await stranger.newPage();
  await login.goto("/login");
  await speak(login, language);
  await login.reload();
  await take(login, "login", language);
  await stranger.close();

  const operator = await signIn(browser, product, "shancheng.operator", { width: 1180, height: 820 });
  await speak(operator.page, language);
  const caseId = await firstCase(operator.page);
  expect(caseId).not.toBe("");
  await operator.page.goto(`/room/${caseId}`);
  const open = operator.page.getByTestId("session-open");
  const done = operator.page.getByTestId("start-done");
  await open.or(done).first().waitFor({ timeout: 60_000 });
  if (await open.isVisible()) await open.click();
  if (await done.isVisible()) await done.click();
  await take(operator.page, "room", language);

  const expert = await signIn(browser, product, "yunling.lead_guide");
  await speak(expert.page, language);
  await expert.page.goto("/wall");
  await take(expert.page, "wall", language);
  await expert.page.goto(`/wall/${caseId}`);
  await take(expert.page, "focus", language);
  const panel = expert.page.locator(".focus__side");
  await panel.screenshot({ path: path.join(IMAGES, `ct-${language}.png`) });
  await takePlan(expert.page, caseId, language, "plan");
  await takePlan(expert.page, await seedCase(expert.page), language, "seed-plan");
  await expert.context.close();
  await operator.context.close();
});
