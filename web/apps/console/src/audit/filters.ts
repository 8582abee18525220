/** What an auditor looks for stands in the page's address; days are those of the reader's clock. */
import type { auditApi } from "@tongtai/api-client";

/** The parts of the product, as the first word of an action's tag names them. */
export const FEATURES = [
  "accounts",
  "institutions",
  "agreements",
  "qualifications",
  "cases",
  "consents",
  "intake",
  "mdt",
  "opinions",
  "checklists",
  "imaging",
  "plans",
  "documents",
  "guidance",
  "gateways",
  "followup",
  "archive",
  "workflow",
  "quality",
  "audit",
] as const;

type Filters = Omit<Parameters<typeof auditApi.page>[0], "before">;

/** Midnight at the beginning of a day such as `2026-11-24`, so many days later. */
function midnight(day: string | null, later = 0): string | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? "") ?? [];
  if (year === undefined) return undefined;
  return new Date(Number(year), Number(month) - 1, Number(date) + later).toISOString();
}

export function filtersOf(search: URLSearchParams): Filters {
  const feature = FEATURES.find((name) => name === search.get("feature"));
  return {
    case: search.get("case") ?? undefined,
    actor: search.get("actor") ?? undefined,
    feature,
    outcome: search.get("outcome") === "denied" ? "denied" : undefined,
    since: midnight(search.get("since")),
    until: midnight(search.get("until"), 1),
  };
}
