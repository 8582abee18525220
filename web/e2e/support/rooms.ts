/** Operating rooms and experts as people open them, and what their pages may ask of the server. */
import type { Browser, Locator, Page } from "playwright-core";

import { type Person, signIn } from "./browser";
import type { Product } from "./product";

/** How long a page may take on a machine that does everything at once. */
export const PATIENCE = { timeout: 120_000 };

export interface CaseName {
  readonly id: string;
  readonly number: string;
}

export function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new Error(`there is no number ${index}`);
  return value;
}

/** The first case that the person of this page sees. */
export async function caseOf(page: Page): Promise<CaseName> {
  return page.evaluate(async () => {
    const answer = await fetch("/api/cases");
    const [first] = (await answer.json()) as { id: string; number: string }[];
    if (first === undefined) throw new Error("this person sees no case");
    return { id: first.id, number: first.number };
  });
}

/** The page of a hospital's operating room, with the panel of devices put away. */
export async function openRoom(
  browser: Browser,
  product: Product,
  site: string,
  options: Parameters<typeof signIn>[3],
): Promise<Person> {
  const person = await signIn(browser, product, `${site}.operator`, options);
  const own = await caseOf(person.page);
  await person.page.goto(`/room/${own.id}`);
  // The session opens with the first of the site that joins, the gateway or this page.
  await person.page.getByTestId("start-done").click(PATIENCE);
  return person;
}

/** Sends a command of the person of this page; returns the status of the answer. */
export async function command(
  page: Page,
  caseId: string,
  type: string,
  payload: Record<string, unknown>,
): Promise<number> {
  return page.evaluate(
    async ([id, kind, body]) => {
      const me = (await (await fetch("/api/auth/me")).json()) as { csrf_token: string };
      const answer = await fetch(`/api/sessions/${String(id)}/commands`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf_token },
        body: JSON.stringify({ id: crypto.randomUUID(), type: kind, payload: body }),
      });
      return answer.status;
    },
    [caseId, type, payload] as const,
  );
}

/** The number of the last event that an expert's timeline shows. */
export async function lastSeq(timeline: Locator): Promise<number> {
  return Number(await timeline.getAttribute("data-last-seq"));
}

export interface LoggedEvent {
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Writes one event after the other until the server is gone; returns those that it acknowledged. */
export async function acknowledgedUntilLost(page: Page, caseId: string, type: string): Promise<LoggedEvent[]> {
  return page.evaluate(
    async ([id, kind]) => {
      const me = (await (await fetch("/api/auth/me")).json()) as { csrf_token: string };
      const acknowledged: LoggedEvent[] = [];
      for (let number = 1; ; number += 1) {
        try {
          const answer = await fetch(`/api/sessions/${id}/commands`, {
            method: "POST",
            headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf_token },
            body: JSON.stringify({ id: crypto.randomUUID(), type: kind, payload: { text: `${number}` } }),
          });
          if (!answer.ok) return acknowledged;
          acknowledged.push(...((await answer.json()) as LoggedEvent[]));
        } catch {
          return acknowledged;
        }
      }
    },
    [caseId, type] as const,
  );
}

/** The whole log of a session, as the person of this page may read it. */
export async function allEvents(page: Page, caseId: string): Promise<LoggedEvent[]> {
  return page.evaluate(async (id) => {
    const events: LoggedEvent[] = [];
    for (;;) {
      const after = events.at(-1)?.seq ?? 0;
      const answer = await fetch(`/api/sessions/${id}/events?after=${after}&limit=1000`);
      const more = (await answer.json()) as LoggedEvent[];
      if (more.length === 0) return events;
      events.push(...more);
    }
  }, caseId);
}
