/** One headless Chromium; a context of its own for every person. */
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { type Browser, type BrowserContext, type Page, chromium } from "playwright-core";

import type { Product } from "./product";
import { giveEars } from "./sound";

const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  // Pages are put together in software, which costs half of what a software GPU does; WebGL (the CT) still has one.
  "--disable-gpu",
  "--enable-unsafe-swiftshader",
];

function chromiumPath(): string {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const candidates = [
    process.env.CHROME_PATH,
    ...folders.flatMap((folder) =>
      ["chromium", "chromium-browser", "google-chrome"].map((name) => path.join(folder, name)),
    ),
  ];
  for (const candidate of candidates) {
    if (!candidate) continue;
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      continue;
    }
  }
  throw new Error("Chromium was not found: set CHROME_PATH or install it (make test does)");
}

export async function launchChromium(extraFlags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), headless: true, args: [...FLAGS, ...extraFlags] });
}

export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly errors: string[];
}

/** Signs somebody in; what is not in `permissions` the browser refuses, as when the person chose "Block". */
export async function signIn(
  browser: Browser,
  product: Pick<Product, "url" | "passwords">,
  login: string,
  options: { width?: number; height?: number; language?: "zh" | "en"; permissions?: string[] } = {},
): Promise<Person> {
  const password = product.passwords.get(login);
  if (password === undefined)
    throw new Error(`no password was printed for ${login}; printed: ${[...product.passwords.keys()].join(", ")}`);
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1920, height: options.height ?? 1080 },
    permissions: options.permissions ?? ["microphone", "camera"],
    baseURL: product.url,
  });
  const page = await context.newPage();
  await giveEars(page);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto("/login");
  await page.locator("input[autocomplete=username]").fill(login);
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  return { context, page, errors };
}
