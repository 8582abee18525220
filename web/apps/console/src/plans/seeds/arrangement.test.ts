import type { LoadedNeedle, SeedPlanDocument } from "@tongtai/api-client";
import { describe, expect, it } from "vitest";

import {
  addedBeside,
  addedNeedle,
  arrangementOf,
  centreOf,
  freeHoles,
  type Hole,
  movedBy,
  movedTo,
  neighbour,
  removed,
  seedNear,
} from "./arrangement";
import { begun, editReducer } from "./editHistory";

const BEYOND = 5;
const needle = (hole: string, x: number, seed_depths_mm: number[], skin_mm = 0): LoadedNeedle => ({
  hole,
  entry_lps_mm: [x, 0, skin_mm],
  tip_lps_mm: [x, 0, skin_mm + Math.max(...seed_depths_mm) + BEYOND],
  seed_depths_mm,
});
const TWO = [needle("A1", 0, [55, 45]), needle("B1", 10, [50], 2)];
const depths = (needles: readonly LoadedNeedle[] | undefined) => needles?.map(({ seed_depths_mm }) => seed_depths_mm);
const first = { needle: 0, depth_mm: 55 };

describe("seeds that a person changes", () => {
  it("moves a seed, and the tip follows the deepest one", () => {
    const deeper = movedBy(TWO, first, 3, BEYOND);
    expect(depths(deeper?.needles)).toEqual([[58, 45], [50]]);
    expect(deeper?.needles[0]?.tip_lps_mm).toEqual([0, 0, 63]);
    expect(deeper?.chosen).toEqual({ needle: 0, depth_mm: 58 });
    const shallower = movedBy(TWO, first, -20, BEYOND);
    expect(depths(shallower?.needles)).toEqual([[45, 35], [50]]);
    expect(shallower?.needles[0]?.tip_lps_mm).toEqual([0, 0, 50]);
    expect(depths(TWO)).toEqual([[55, 45], [50]]);
  });

  it("leaves a seed where another one is in the way", () => {
    expect(movedBy(TWO, first, -10, BEYOND)).toBeNull();
    expect(movedBy(TWO, first, -55, BEYOND)).toBeNull();
    expect(movedTo(TWO, { needle: 1, depth_mm: 53 }, 0, BEYOND)).toBeNull();
  });

  it("removes seeds down to the last one", () => {
    const one = removed(TWO, first, BEYOND);
    expect(depths(one?.needles)).toEqual([[45], [50]]);
    expect(one?.chosen).toEqual({ needle: 0, depth_mm: 45 });
    const none = removed(TWO, { needle: 1, depth_mm: 50 }, BEYOND);
    expect(none?.needles.map(({ hole }) => hole)).toEqual(["A1"]);
    expect(removed([needle("A1", 0, [40])], { needle: 0, depth_mm: 40 }, BEYOND)).toBeNull();
  });

  it("adds a seed at the next free place towards the skin", () => {
    expect(addedBeside(TWO, first, BEYOND)?.chosen).toEqual({ needle: 0, depth_mm: 50 });
    const full = [needle("A1", 0, [55, 50])];
    expect(addedBeside(full, first, BEYOND)?.chosen).toEqual({ needle: 0, depth_mm: 45 });
  });

  it("moves a seed to another needle, equally far along, whatever the skin does", () => {
    const to = movedTo(TWO, { needle: 0, depth_mm: 45 }, 1, BEYOND);
    expect(depths(to?.needles)).toEqual([[55], [50, 43]]);
    const last = movedTo(TWO, { needle: 1, depth_mm: 50 }, 0, BEYOND);
    expect(depths(last?.needles)).toEqual([[55, 52, 45]]);
    expect(last?.chosen).toEqual({ needle: 0, depth_mm: 52 });
  });

  it("puts a needle into an open hole, no deeper than it is open", () => {
    const hole = { name: "C1", open_to_mm: 48, entry_lps_mm: [20, 0, 0] } as unknown as Hole;
    const closed = { ...hole, name: "D1", open_to_mm: null };
    const template = {
      direction_lps: [0, 0, 1],
      holes: [hole, closed, { ...hole, name: "A1" }],
    } as unknown as NonNullable<SeedPlanDocument["template"]>;
    expect(freeHoles(template, TWO).map(({ name }) => name)).toEqual(["C1"]);
    const change = addedNeedle(TWO, template, hole, [0, 0, 60], BEYOND);
    expect(change?.needles[2]).toEqual(needle("C1", 20, [43]));
    expect(change?.chosen).toEqual({ needle: 2, depth_mm: 43 });
  });

  it("finds the seed that was pointed at, and the next one", () => {
    expect(centreOf(TWO[1] as LoadedNeedle, 50)).toEqual([10, 0, 52]);
    expect(seedNear(TWO, [9, 0, 53])).toEqual({ needle: 1, depth_mm: 50 });
    expect(seedNear(TWO, [30, 0, 0])).toBeNull();
    expect(neighbour(TWO, first, 1)).toEqual({ needle: 0, depth_mm: 45 });
    expect(neighbour(TWO, first, -1)).toEqual({ needle: 1, depth_mm: 50 });
  });

  it("is read from a plan", () => {
    const plan = {
      needles: [{ id: "N1", hole: "A1", entry_lps_mm: [0, 0, 0], tip_lps_mm: [0, 0, 60] }],
      seeds: [
        { needle: "N1", depth_mm: 55 },
        { needle: "N1", depth_mm: 45 },
      ],
    } as unknown as SeedPlanDocument;
    expect(arrangementOf(plan)).toEqual([TWO[0]]);
  });
});

describe("taking back", () => {
  it("goes back and forth until something else is done", () => {
    const moved = movedBy(TWO, first, 3, BEYOND);
    const gone = removed(TWO, first, BEYOND);
    if (!moved || !gone) throw new Error("both are possible");
    const start = begun(TWO);
    const one = editReducer(start, { kind: "changed", to: moved });
    const back = editReducer(one, { kind: "undone" });
    expect(back.present).toEqual(start.present);
    expect(editReducer(back, { kind: "redone" }).present).toEqual(moved);
    const other = editReducer(back, { kind: "changed", to: gone });
    expect(editReducer(other, { kind: "redone" })).toBe(other);
    expect(editReducer(start, { kind: "undone" })).toBe(start);
    const chosen = editReducer(one, { kind: "chosen", seed: { needle: 1, depth_mm: 50 } });
    expect(chosen.past.length).toBe(1);
  });
});
