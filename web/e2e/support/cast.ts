/** The people of both sides, each in a browser context of their own, and what a case's page lets all of them do. */
import type { Browser, Page } from "playwright-core";

import { type Person, signIn } from "./browser";
import type { Product } from "./product";

/** How long a page may take on a machine that does everything at once. */
export const PATIENCE = { timeout: 90_000 };
const WINDOW = { width: 1440, height: 900 };

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

export class Cast {
  private readonly people = new Map<string, Person>();

  constructor(
    private readonly browser: Browser,
    private readonly product: Pick<Product, "url" | "passwords">,
  ) {}

  async as(login: string): Promise<Page> {
    const known = this.people.get(login) ?? (await signIn(this.browser, this.product, login, WINDOW));
    this.people.set(login, known);
    return known.page;
  }

  password(login: string): string {
    return this.product.passwords.get(login) ?? "";
  }

  /** The page of a case, by this person; `tab` is a tab of it. */
  async open(login: string, caseId: string, tab = ""): Promise<Page> {
    const page = await this.as(login);
    await page.goto(`/cases/${caseId}${tab === "" ? "" : `?tab=${tab}`}`);
    return page;
  }

  /** Does a step of a case and waits for the state that it leads to. */
  async move(login: string, caseId: string, act: string, state: string): Promise<Page> {
    const page = await this.open(login, caseId);
    await page.getByTestId(`move-${act}`).click(PATIENCE);
    await page.getByTestId("move-confirm").click(PATIENCE);
    await stands(page, state);
    return page;
  }

  /** States something for the record: from the list of what a step lacks. */
  async state(login: string, caseId: string, kind: string, words = ""): Promise<void> {
    const page = await this.open(login, caseId);
    await page.getByTestId(`state-${kind}`).click(PATIENCE);
    if (words !== "") await page.getByTestId("statement-text").fill(words);
    await page.getByTestId("statement-confirm").click();
    await page.getByTestId("statement-confirm").waitFor({ state: "hidden", ...PATIENCE });
  }

  /** Whether a step of a case is closed to this person, and by which lacks. */
  async lacksOf(login: string, caseId: string, act: string, code: string): Promise<Page> {
    const page = await this.open(login, caseId);
    const step = page.getByTestId(`way-${act}`);
    await step
      .locator(`[data-lack=${code}]`)
      .first()
      .waitFor({ state: "attached", ...PATIENCE });
    if (!(await page.getByTestId(`move-${act}`).isDisabled())) throw new Error(`${act} is open though ${code} lacks`);
    return page;
  }

  /** A signature's dialogue. */
  async sign(page: Page, login: string): Promise<void> {
    await page.locator(".ant-modal #password").fill(this.password(login), PATIENCE);
    await page.getByTestId("dialog-ok").click();
    await page.locator(".ant-modal").waitFor({ state: "detached", ...PATIENCE });
  }

  /** A request of this person's page, for what is not the subject of the test. */
  async ask<T>(login: string, method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const page = await this.as(login);
    return page.evaluate(
      async ([verb, address, content]) => {
        const me = (await (await fetch("/api/auth/me")).json()) as { csrf_token: string };
        const answer = await fetch(address, {
          method: verb,
          headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf_token },
          body: content,
        });
        const text = await answer.text();
        return { status: answer.status, body: (text === "" ? null : JSON.parse(text)) as never };
      },
      [method, path, body === undefined ? null : JSON.stringify(body)] as const,
    );
  }

  /** The same, where it must be taken. */
  async send<T>(login: string, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.ask<T>(login, method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Puts pages away that nobody looks at: each asks the server again and again. */
  async rest(...except: readonly string[]): Promise<void> {
    const idle = [...this.people].filter(([login]) => !except.includes(login));
    await Promise.all(idle.map(([, { page }]) => page.goto("/account")));
  }

  get errors(): string[] {
    return [...this.people].flatMap(([login, { errors }]) => errors.map((text) => `${login}: ${text}`));
  }

  get pages(): Readonly<Record<string, Page>> {
    return Object.fromEntries([...this.people].map(([login, { page }]) => [login, page]));
  }
}

export async function stands(page: Page, state: string): Promise<void> {
  await page.locator(`[data-testid=way-now][data-state=${state}]`).waitFor(PATIENCE);
}

/** Chooses in one of the design system's selects, which are no native ones. */
export async function choose(page: Page, field: string, text: string | RegExp): Promise<void> {
  await page.locator(field).click(PATIENCE);
  // Closed lists stay in the page: the one of this field is known by its identifier.
  const id = field.split("#").at(-1) ?? "";
  const open = page.locator(".ant-select-dropdown", { has: page.locator(`#${id}_list`) });
  await open.locator(".ant-select-item-option", { hasText: text }).first().click(PATIENCE);
}
