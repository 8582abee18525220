/** What the queue shows stands in its address; a saved view is that address. */
import type { ClinicalState, QueueChoice, QueueOrder, SavedView } from "@tongtai/api-client";

export const ORDERS = ["waiting", "scheduled", "number"] as const satisfies readonly QueueOrder[];
/** What a coordinator looks at first: what waits for an answer or for a date. */
export const FIRST_STATES: readonly ClinicalState[] = ["submitted", "accepted", "mdt_scheduled", "decision_made"];
export const PAGE = 50;

const oneOf = <T extends string>(known: readonly T[], text: string | null): T | undefined =>
  known.find((value) => value === text);

/** The address's choice; what does not exist is not asked for. */
export function readChoice(search: URLSearchParams, states: readonly string[]): QueueChoice {
  const wanted = search.get("state");
  const known = (wanted ?? FIRST_STATES.join(",")).split(",").filter((state) => states.includes(state));
  const pageNumber = Math.max(1, Math.trunc(Number(search.get("page") ?? "1")) || 1);
  return {
    state: known as ClinicalState[],
    urgent: search.get("urgent") === "1" ? true : undefined,
    technique: oneOf(["rfa", "mwa", "seeds"] as const, search.get("technique")),
    q: search.get("q") ?? "",
    order: oneOf(ORDERS, search.get("order")) ?? "waiting",
    descending: search.get("descending") === "1",
    offset: (pageNumber - 1) * PAGE,
    limit: PAGE,
  };
}

/** A saved view from an address, and an address from a saved view: the same names, without the page. */
export function viewOf(search: URLSearchParams): SavedView {
  return Object.fromEntries([...search].filter(([name]) => name !== "page"));
}

export function addressOf(view: SavedView): URLSearchParams {
  return new URLSearchParams(Object.entries(view).map(([name, value]) => [name, String(value)]));
}
