import type { PlanReach } from "@tongtai/api-client";
import type { SkinMapColours } from "@tongtai/react/plan";

/** The plan book's colours: what closes most has the first one, so that book and page agree. */
const OPEN = "#2f9e6b";
const OTHER = "#d6dbe0";
const CLOSED = [
  "#5b6b7b",
  "#d98e04",
  "#b44fb0",
  "#3f7fc1",
  "#8c5a2b",
  "#c2453d",
  "#d6c21f",
  "#7f77c9",
  "#6fb7c9",
  "#a8b0b8",
  "#444c55",
  "#e58fb1",
];

export function skinColours({ blocked }: PlanReach): SkinMapColours {
  const met = blocked.filter(({ first_cm2 }) => first_cm2 > 0);
  return {
    open: OPEN,
    other: OTHER,
    closed: new Map(met.map(({ constraint }, index) => [constraint, CLOSED[index] ?? OTHER])),
  };
}
