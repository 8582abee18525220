/** Needles and seeds as a person changes them: every change gives a new arrangement, so that it can be taken back. */
import type { LoadedNeedle, SeedPlanDocument } from "@tongtai/api-client";
import { dot, length, minus, plus, times, unit, type Vector3 } from "@tongtai/geometry";

import { vectorOf } from "../scene";

export type Arrangement = readonly LoadedNeedle[];

/** A seed is known by its needle and depth: its number changes when others come and go. */
export interface SeedAt {
  readonly needle: number;
  readonly depth_mm: number;
}

export interface Change {
  readonly needles: Arrangement;
  readonly chosen: SeedAt | null;
}

type Template = NonNullable<SeedPlanDocument["template"]>;
export type Hole = Template["holes"][number];

/** What the server refuses: two seeds nearer than this on one needle. */
const LEAST_STEP_MM = 0.5;
/** Where a new seed is put beside another one, as plans space them. */
const BESIDE_MM = 5;
/** Depths are kept to a tenth of a millimetre, finer than anybody places a seed. */
const rounded = (depth_mm: number): number => Math.round(depth_mm * 10) / 10;

export const arrangementOf = (plan: SeedPlanDocument): Arrangement =>
  plan.needles.map(({ id, hole, entry_lps_mm, tip_lps_mm }) => ({
    hole,
    entry_lps_mm: place(vectorOf(entry_lps_mm)),
    tip_lps_mm: place(vectorOf(tip_lps_mm)),
    seed_depths_mm: plan.seeds.filter(({ needle }) => needle === id).map(({ depth_mm }) => depth_mm),
  }));

const place = ([x, y, z]: Vector3): [number, number, number] => [x, y, z];

/** From the deepest seed's centre to the tip, as the plan has it. */
export const tipBeyond = (plan: SeedPlanDocument): number => plan.needles[0]?.tip_to_first_mm ?? BESIDE_MM;

const directionOf = ({ entry_lps_mm, tip_lps_mm }: LoadedNeedle): Vector3 => unit(minus(tip_lps_mm, entry_lps_mm));

export const centreOf = (needle: LoadedNeedle, depth_mm: number): Vector3 =>
  plus(needle.entry_lps_mm, times(directionOf(needle), depth_mm));

/** The needle with these seeds; its tip follows its deepest one. */
function loaded(needle: LoadedNeedle, depths: readonly number[], beyond_mm: number): LoadedNeedle {
  const sorted = [...depths].sort((one, other) => other - one);
  const [deepest] = sorted;
  if (deepest === undefined || deepest === Math.max(...needle.seed_depths_mm)) {
    return { ...needle, seed_depths_mm: sorted };
  }
  return { ...needle, seed_depths_mm: sorted, tip_lps_mm: place(centreOf(needle, deepest + beyond_mm)) };
}

const isFree = (depths: readonly number[], depth_mm: number): boolean =>
  depth_mm > 0 && depths.every((one) => Math.abs(one - depth_mm) >= LEAST_STEP_MM);

function withNeedle(needles: Arrangement, at: number, needle: LoadedNeedle): Arrangement {
  return needles.map((one, index) => (index === at ? needle : one));
}

/** A seed deeper by so much; null where another one is in the way. */
export function movedBy(needles: Arrangement, chosen: SeedAt, by_mm: number, beyond_mm: number): Change | null {
  const needle = needles[chosen.needle];
  if (!needle) return null;
  const others = needle.seed_depths_mm.filter((depth) => depth !== chosen.depth_mm);
  const depth_mm = rounded(chosen.depth_mm + by_mm);
  if (!isFree(others, depth_mm)) return null;
  return {
    needles: withNeedle(needles, chosen.needle, loaded(needle, [...others, depth_mm], beyond_mm)),
    chosen: { needle: chosen.needle, depth_mm },
  };
}

/** The seed taken out; a needle without seeds goes with it. The last seed of all stays. */
export function removed(needles: Arrangement, chosen: SeedAt, beyond_mm: number): Change | null {
  const needle = needles[chosen.needle];
  if (!needle) return null;
  const left = needle.seed_depths_mm.filter((depth) => depth !== chosen.depth_mm);
  if (left.length === 0) {
    if (needles.length === 1) return null;
    return { needles: needles.filter((_, index) => index !== chosen.needle), chosen: null };
  }
  const nearest = left.reduce((best, depth) =>
    Math.abs(depth - chosen.depth_mm) < Math.abs(best - chosen.depth_mm) ? depth : best,
  );
  return {
    needles: withNeedle(needles, chosen.needle, loaded(needle, left, beyond_mm)),
    chosen: { needle: chosen.needle, depth_mm: nearest },
  };
}

/** A seed more on the chosen one's needle: 5 mm nearer to the skin, or the next such place that is free. */
export function addedBeside(needles: Arrangement, chosen: SeedAt, beyond_mm: number): Change | null {
  const needle = needles[chosen.needle];
  if (!needle) return null;
  for (let steps = 1; steps <= needle.seed_depths_mm.length + 1; steps += 1) {
    const depth_mm = rounded(chosen.depth_mm - steps * BESIDE_MM);
    if (isFree(needle.seed_depths_mm, depth_mm)) {
      return {
        needles: withNeedle(needles, chosen.needle, loaded(needle, [...needle.seed_depths_mm, depth_mm], beyond_mm)),
        chosen: { needle: chosen.needle, depth_mm },
      };
    }
  }
  return null;
}

/** The seed to another needle, at the same depth below the template or the skin; null where one is in the way. */
export function movedTo(needles: Arrangement, chosen: SeedAt, to: number, beyond_mm: number): Change | null {
  const [from, onto] = [needles[chosen.needle], needles[to]];
  if (!from || !onto || chosen.needle === to) return null;
  // As deep along the needle as it lay: entries differ where the skin is curved.
  const along = dot(minus(centreOf(from, chosen.depth_mm), onto.entry_lps_mm), directionOf(onto));
  const depth_mm = rounded(along);
  if (!isFree(onto.seed_depths_mm, depth_mm)) return null;
  const put = withNeedle(needles, to, loaded(onto, [...onto.seed_depths_mm, depth_mm], beyond_mm));
  const left = from.seed_depths_mm.filter((depth) => depth !== chosen.depth_mm);
  if (left.length === 0) {
    return {
      needles: put.filter((_, index) => index !== chosen.needle),
      chosen: { needle: to > chosen.needle ? to - 1 : to, depth_mm },
    };
  }
  return {
    needles: withNeedle(put, chosen.needle, loaded(from, left, beyond_mm)),
    chosen: { needle: to, depth_mm },
  };
}

/** Open holes without a needle: where one more may go. */
export const freeHoles = (template: Template | null, needles: Arrangement): Hole[] =>
  (template?.holes ?? []).filter(
    ({ name, open_to_mm, entry_lps_mm }) =>
      open_to_mm !== null && entry_lps_mm !== null && !needles.some(({ hole }) => hole === name),
  );

/** A needle in a hole, with one seed as near to a place as the hole is open. */
export function addedNeedle(
  needles: Arrangement,
  template: Template,
  hole: Hole,
  near: Vector3,
  beyond_mm: number,
): Change | null {
  if (hole.entry_lps_mm === null || hole.open_to_mm === null) return null;
  const entry = vectorOf(hole.entry_lps_mm);
  const along = unit(vectorOf(template.direction_lps));
  const depth_mm = rounded(
    Math.max(1, Math.min(dot(minus(near, entry), along), Math.floor((hole.open_to_mm - beyond_mm) * 10) / 10)),
  );
  const tip = plus(entry, times(along, depth_mm + beyond_mm));
  const needle = {
    hole: hole.name,
    entry_lps_mm: place(entry),
    tip_lps_mm: place(tip),
    seed_depths_mm: [depth_mm],
  };
  return { needles: [...needles, needle], chosen: { needle: needles.length, depth_mm } };
}

const REACH_MM = 4;

/** The seed at a place that was pointed at; null if none is near. */
export function seedNear(needles: Arrangement, at: Vector3): SeedAt | null {
  let found: { readonly seed: SeedAt; readonly away_mm: number } | null = null;
  needles.forEach((needle, index) => {
    for (const depth_mm of needle.seed_depths_mm) {
      const away_mm = length(minus(centreOf(needle, depth_mm), at));
      if (away_mm <= REACH_MM && (found === null || away_mm < found.away_mm)) {
        found = { seed: { needle: index, depth_mm }, away_mm };
      }
    }
  });
  return (found as { readonly seed: SeedAt } | null)?.seed ?? null;
}

/** The seed before or after, needle by needle, the deepest first. */
export function neighbour(needles: Arrangement, chosen: SeedAt | null, steps: number): SeedAt | null {
  const all = needles.flatMap(({ seed_depths_mm }, needle) => seed_depths_mm.map((depth_mm) => ({ needle, depth_mm })));
  if (all.length === 0) return null;
  const at = all.findIndex((one) => one.needle === chosen?.needle && one.depth_mm === chosen.depth_mm);
  return all[(at + steps + all.length) % all.length] ?? null;
}
