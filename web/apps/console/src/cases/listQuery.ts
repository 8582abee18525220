/** What a list shows stands in its address, so that it can be sent to a colleague and survives going back. */
import type { CaseState, Technique } from "@tongtai/api-client";

export const STATES = ["scheduled", "in_procedure", "closed"] as const satisfies readonly CaseState[];
export const TECHNIQUES = ["rfa", "mwa", "seeds"] as const satisfies readonly Technique[];
export const COLUMNS = ["number", "scheduled", "state", "technique", "patient", "lesion", "site", "centre"] as const;

export type ColumnName = (typeof COLUMNS)[number];

export interface Sorting {
  readonly column: ColumnName;
  readonly descending: boolean;
}

export interface ListQuery {
  readonly q: string;
  readonly state: CaseState | undefined;
  readonly technique: Technique | undefined;
  readonly columns: readonly ColumnName[];
  readonly sort: Sorting;
}

const FIRST_SORT: Sorting = { column: "scheduled", descending: true };

function oneOf<T extends string>(known: readonly T[], text: string | null): T | undefined {
  return known.find((value) => value === text);
}

/** Whatever stands in the address: only what exists is asked for, and a list always has its first column. */
export function readListQuery(search: URLSearchParams): ListQuery {
  const wanted = search.get("columns")?.split(",");
  const columns = COLUMNS.filter((name) => name === "number" || !wanted || wanted.includes(name));
  const sort = search.get("sort") ?? "";
  const column = oneOf(COLUMNS, sort.replace(/^-/, ""));
  return {
    q: search.get("q") ?? "",
    state: oneOf(STATES, search.get("state")),
    technique: oneOf(TECHNIQUES, search.get("technique")),
    columns,
    sort: column ? { column, descending: sort.startsWith("-") } : FIRST_SORT,
  };
}

/** The address after one thing was chosen; what is as always is left out of it. */
export function withChoice(search: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(search);
  if (value === "") next.delete(name);
  else next.set(name, value);
  return next;
}

export const columnsText = (columns: readonly ColumnName[]): string =>
  columns.length === COLUMNS.length ? "" : columns.join(",");

export const sortText = ({ column, descending }: Sorting): string =>
  column === FIRST_SORT.column && descending === FIRST_SORT.descending ? "" : `${descending ? "-" : ""}${column}`;
