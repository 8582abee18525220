import { expect, test } from "vitest";

import { filtersOf } from "./filters";

const of = (text: string) => filtersOf(new URLSearchParams(text));

test("the last day is included as a whole", () => {
  const { since, until } = of("since=2026-02-28&until=2026-02-28");
  expect(Date.parse(until ?? "") - Date.parse(since ?? "")).toBe(24 * 3600 * 1000);
  expect(new Date(since ?? "").getHours()).toBe(0);
});

test("what nobody can ask for is not asked for", () => {
  expect(of("feature=x&outcome=maybe&since=yesterday&case=2026-0001")).toEqual({
    case: "2026-0001",
    actor: undefined,
    feature: undefined,
    outcome: undefined,
    since: undefined,
    until: undefined,
  });
});
