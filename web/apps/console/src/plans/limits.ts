/** When a distance is said to be near. */
import type { PlannedNeedle, SeedNeedle } from "@tongtai/api-client";
import type { Level } from "@tongtai/ui";

/** As the plan book prints them: within 10 mm of the way a structure is named, within 5 mm it is marked. */
export const NEAR_MM = 10;
export const VERY_NEAR_MM = 5;
/** What lies further away than this decides nothing. */
const SHOWN_WITHIN_MM = 40;
const MOST_SHOWN = 8;

export interface DistanceChip {
  readonly name: string;
  readonly distance_mm: number;
  readonly level: Level;
  /** The rule of a needle placed by hand that this breaks. */
  readonly allowed_mm: number | null;
}

/** Vessels inside the liver are passed; everything else may not be touched. */
export function distanceLevel(distance_mm: number): Level {
  if (distance_mm < VERY_NEAR_MM) return "bad";
  return distance_mm < NEAR_MM ? "warn" : "off";
}

/** The structures near a needle, the nearest first. */
export function distanceChips({
  near,
  broken_rules,
}: Pick<PlannedNeedle | SeedNeedle, "near" | "broken_rules">): DistanceChip[] {
  const allowed = new Map(broken_rules.map((rule) => [rule.constraint, rule.allowed]));
  return near
    .filter(({ name, distance_mm }) => distance_mm <= SHOWN_WITHIN_MM || allowed.has(name))
    .sort((a, b) => a.distance_mm - b.distance_mm)
    .slice(0, MOST_SHOWN)
    .map(({ name, distance_mm }) => ({
      name,
      distance_mm,
      level: allowed.has(name) ? "bad" : distanceLevel(distance_mm),
      allowed_mm: allowed.get(name) ?? null,
    }));
}
