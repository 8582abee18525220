/** The surfaces of a seed plan with its needles and seeds among them. */
import type { SeedPlanDocument } from "@tongtai/api-client";
import { plus, times } from "@tongtai/geometry";
import { type ScenePart, tubeBetween } from "@tongtai/viewer-core/plan";

import { type Layer, layerOf } from "../layers";
import { sceneOf, vectorOf } from "../scene";

const HALF_LENGTH_MM = 2.25;
/** Thicker than a seed is, so that it is seen. */
const SEED = { radius_mm: 1.3, colour: [0.36, 0.84, 0.75] } as const;

/** Seeds lie inside the tumour and its isodose: both are seen through. */
const OPACITY: Readonly<Partial<Record<Layer, number>>> = { tumour: 0.35, zone: 0.2 };
const clearer = (part: ScenePart): ScenePart => ({
  ...part,
  opacity: Math.min(part.opacity, OPACITY[layerOf(part.name)] ?? 1),
});

/** Many tubes as one part: all seeds are shown and hidden together. */
function merged(name: string, tubes: readonly ScenePart[]): ScenePart[] {
  const [first] = tubes;
  if (!first) return [];
  let before = 0;
  const triangles = tubes.flatMap((tube) => {
    const shifted = Array.from(tube.triangles, (corner) => corner + before);
    before += tube.points.length / 3;
    return shifted;
  });
  return [
    {
      ...first,
      name,
      points: Float32Array.from(tubes.flatMap(({ points }) => Array.from(points))),
      normals: Float32Array.from(tubes.flatMap(({ normals }) => Array.from(normals ?? []))),
      triangles: Uint32Array.from(triangles),
    },
  ];
}

export function seedSceneOf(surfaces: readonly ScenePart[], plan: SeedPlanDocument): ScenePart[] {
  const parts = sceneOf(surfaces, plan).map(clearer);
  if (parts.length === 0) return [];
  const tubes = plan.seeds.map(({ centre_lps_mm, axis_lps }) => {
    const half = times(vectorOf(axis_lps), HALF_LENGTH_MM);
    const centre = vectorOf(centre_lps_mm);
    return tubeBetween("seed", plus(centre, times(half, -1)), plus(centre, half), SEED);
  });
  return [...parts, ...merged("seeds", tubes)];
}
