import type { Tally } from "@tongtai/api-client";
import { expect, it } from "vitest";

import { totalsBy } from "./tallies";

const tally = (month: string, technique: Tally["technique"], count: number): Tally => ({
  month,
  technique,
  service_type: "consultation",
  institution: { id: "i", name: "甲", name_en: "A", kind: "invited", country: "CN" },
  count,
});
const tallies = [tally("2031-02", "rfa", 2), tally("2031-01", "rfa", 3), tally("2031-02", "mwa", 8)];

it("adds counts up, the largest first", () => {
  expect(totalsBy(tallies, ({ technique }) => technique)).toEqual([
    { key: "mwa", count: 8, share: 1 },
    { key: "rfa", count: 5, share: 5 / 8 },
  ]);
});

it("keeps months in their order", () => {
  expect(totalsBy(tallies, ({ month }) => month, true).map(({ key, count }) => [key, count])).toEqual([
    ["2031-01", 3],
    ["2031-02", 10],
  ]);
});

it("has nothing of nothing", () => {
  expect(totalsBy([], ({ month }) => month)).toEqual([]);
});
