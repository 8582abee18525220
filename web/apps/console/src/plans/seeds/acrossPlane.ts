/** Slices across the needles of an implant, as the operator looks at the template. */
import type { SeedPlanDocument } from "@tongtai/api-client";
import {
  cross,
  dot,
  length,
  minus,
  type PicturePlane,
  plus,
  pointLpsMm,
  times,
  unit,
  type Vector3,
} from "@tongtai/geometry";
import type { HoleMark } from "@tongtai/react/plan";

import { vectorOf } from "../scene";

const STEP_MM = 5;
const PIXEL_MM = 0.5;
const AROUND_MM = 22;
const LEAST_HALF_MM = 30;
const HEAD: Vector3 = [0, 0, 1];
const FRONT: Vector3 = [0, -1, 0];

export interface AcrossStack {
  /** Direction of the needles, from the skin inwards. */
  readonly away: Vector3;
  readonly count: number;
  /** Which slice is nearest to a place. */
  readonly numberAt: (at: Vector3) => number;
  readonly plane: (number: number) => PicturePlane;
  /** From the template's plane, or from the target's middle for free needles. */
  readonly distance_mm: (number: number) => number;
  readonly step: Vector3;
}

function directionOf(plan: SeedPlanDocument): Vector3 {
  if (plan.template) return unit(vectorOf(plan.template.direction_lps));
  const ways = plan.needles.map(({ entry_lps_mm, tip_lps_mm }) =>
    unit(minus(vectorOf(tip_lps_mm), vectorOf(entry_lps_mm))),
  );
  return unit(ways.reduce<Vector3>((sum, way) => plus(sum, way), [0, 0, 0]));
}

/** The slices in which seeds lie, and two beyond at either end; every 5 mm along the needles. */
export function acrossStack(plan: SeedPlanDocument): AcrossStack | null {
  if (plan.seeds.length === 0) return null;
  const away = directionOf(plan);
  const middle = vectorOf(plan.target.centre_lps_mm);
  const seeds = plan.seeds.map(({ centre_lps_mm }) => minus(vectorOf(centre_lps_mm), middle));
  const along = seeds.map((seed) => dot(seed, away));
  const first = Math.floor(Math.min(...along) / STEP_MM) - 2;
  const last = Math.ceil(Math.max(...along) / STEP_MM) + 2;
  const beside = seeds.map((seed, index) => length(minus(seed, times(away, along[index] ?? 0))));
  const half = Math.max(LEAST_HALF_MM, Math.max(...beside) + AROUND_MM);
  // Seen from the skin, the head up; for needles along the body, the front up.
  const reference = Math.abs(away[2]) > 0.9 ? FRONT : HEAD;
  const up = unit(minus(reference, times(away, dot(reference, away))));
  const right = cross(away, up);
  const origin = plan.template ? vectorOf(plan.template.origin_lps_mm) : middle;
  const offset = (number: number): number => (first + number) * STEP_MM;
  const size = Math.ceil((2 * half) / PIXEL_MM);
  return {
    away,
    count: last - first + 1,
    numberAt: (at) => Math.max(0, Math.min(last - first, Math.round(dot(minus(at, middle), away) / STEP_MM) - first)),
    plane: (number) => {
      const centre = plus(middle, times(away, offset(number)));
      const corner = plus(plus(centre, times(right, -half)), times(up, half));
      return {
        origin: pointLpsMm(...corner),
        stepX: times(right, PIXEL_MM),
        stepY: times(up, -PIXEL_MM),
        columns: size,
        rows: size,
      };
    },
    distance_mm: (number) => dot(minus(plus(middle, times(away, offset(number))), origin), away),
    step: times(away, STEP_MM),
  };
}

/** The template's holes where their needles would pass a slice. */
export function holesOf(plan: SeedPlanDocument): HoleMark[] {
  return (plan.template?.holes ?? []).map(({ name, centre_lps_mm, needle, meets_target, open_to_mm }) => ({
    name,
    at: vectorOf(centre_lps_mm),
    state: needle !== "" ? "used" : meets_target && open_to_mm === null ? "closed" : "free",
  }));
}
