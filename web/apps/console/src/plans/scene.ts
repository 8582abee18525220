/** The surfaces of a plan with its needles among them. */
import type { AnyPlanDocument, PlanDocument, PlannedNeedle } from "@tongtai/api-client";
import type { Spheroid, Vector3 } from "@tongtai/geometry";
import type { NeedleLine } from "@tongtai/react/plan";
import { type ScenePart, tubeBetween } from "@tongtai/viewer-core/plan";

import { layerOf } from "./layers";

/** A place as `plan.json` has it; refuses what is no place. */
export function vectorOf(numbers: readonly number[]): Vector3 {
  const [x, y, z] = numbers;
  if (x === undefined || y === undefined || z === undefined) throw new RangeError("a place has three numbers");
  return [x, y, z];
}

export const needleLine = ({
  id,
  entry_lps_mm,
  tip_lps_mm,
}: Pick<PlannedNeedle, "id" | "entry_lps_mm" | "tip_lps_mm">): NeedleLine => ({
  id,
  entry: vectorOf(entry_lps_mm),
  tip: vectorOf(tip_lps_mm),
});

export const zonesOf = (plan: PlanDocument): Spheroid[] =>
  plan.positions.map(({ centre_lps_mm, axis_lps, semi_along_mm, semi_across_mm }) => ({
    centre: vectorOf(centre_lps_mm),
    axis: vectorOf(axis_lps),
    semi_along_mm,
    semi_across_mm,
  }));

const NEEDLE = { radius_mm: 1.2, colour: [0.95, 0.97, 1] } as const;
/** The shaft that sticks out of the skin, so that one sees from where it comes. */
const OUTSIDE_MM = 60;

function shaftOf(needle: NeedleLine): ScenePart {
  const { entry, tip } = needle;
  const depth = Math.hypot(entry[0] - tip[0], entry[1] - tip[1], entry[2] - tip[2]);
  const out = (axis: 0 | 1 | 2): number => entry[axis] + ((entry[axis] - tip[axis]) / depth) * OUTSIDE_MM;
  return tubeBetween(needle.id, [out(0), out(1), out(2)], tip, NEEDLE);
}

/** Bowel and stomach lie before everything else: they are seen through. */
const ORGAN_OPACITY = 0.13;
const quieter = (part: ScenePart): ScenePart =>
  layerOf(part.name) === "organs" ? { ...part, opacity: Math.min(part.opacity, ORGAN_OPACITY) } : part;

export function sceneOf(surfaces: readonly ScenePart[], plan: AnyPlanDocument): ScenePart[] {
  if (surfaces.length === 0) return [];
  const known = new Set(surfaces.map(({ name }) => name));
  const needles = plan.needles
    .map(needleLine)
    .filter(({ id }) => !known.has(id))
    .map(shaftOf);
  return [...surfaces.map(quieter), ...needles];
}
