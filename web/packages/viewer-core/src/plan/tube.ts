/** Needles as surfaces. */
import { cross, length, minus, plus, times, unit, type Vector3 } from "@tongtai/geometry";

import type { ScenePart } from "./glb";

const SIDES = 16;

/** An open round tube between two points. */
export function tubeBetween(
  name: string,
  from: Vector3,
  to: Vector3,
  look: { readonly radius_mm: number; readonly colour: readonly [number, number, number] },
): ScenePart {
  const axis = minus(to, from);
  const along = times(axis, 1 / length(axis));
  const reference: Vector3 = Math.abs(along[2]) > 0.9 ? [1, 0, 0] : [0, 0, 1];
  const first = unit(cross(along, reference));
  const second = cross(along, first);
  const points: number[] = [];
  const normals: number[] = [];
  const triangles: number[] = [];
  for (let side = 0; side < SIDES; side += 1) {
    const angle = (2 * Math.PI * side) / SIDES;
    const outward = plus(times(first, Math.cos(angle)), times(second, Math.sin(angle)));
    points.push(...plus(from, times(outward, look.radius_mm)), ...plus(to, times(outward, look.radius_mm)));
    normals.push(...outward, ...outward);
    const [a, b] = [2 * side, 2 * ((side + 1) % SIDES)];
    triangles.push(a, b, a + 1, b, b + 1, a + 1);
  }
  return {
    name,
    points: Float32Array.from(points),
    normals: Float32Array.from(normals),
    triangles: Uint32Array.from(triangles),
    colour: look.colour,
    opacity: 1,
  };
}
