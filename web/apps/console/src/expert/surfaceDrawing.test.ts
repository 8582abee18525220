import type { Stroke } from "@tongtai/session-core";
import { describe, expect, it } from "vitest";

import { strokesOn } from "./surfaceDrawing";

const stroke = (stroke_id: string, by_id: string, surface: Stroke["surface"]) =>
  ({ stroke_id, by_id, surface }) as Stroke;
const slice = (sop_uid: string, frame?: number): Stroke["surface"] => ({
  kind: "slice",
  series_uid: "1.2",
  sop_uid,
  frame,
});

describe("strokes on a slice", () => {
  const strokes = [
    stroke("a", "me", slice("1.2.1")),
    stroke("b", "she", slice("1.2.1", 1)),
    stroke("c", "me", slice("1.2.2")),
    stroke("d", "me", slice("1.2.1", 2)),
    stroke("e", "me", { kind: "feed", feed: "ct" }),
  ];

  it("are those of the same image and frame, whoever drew them", () => {
    const { here, mine } = strokesOn(strokes, slice("1.2.1", 1), "me");
    expect(here.map(({ stroke_id }) => stroke_id)).toEqual(["a", "b"]);
    expect(mine.map(({ stroke_id }) => stroke_id)).toEqual(["a"]);
    expect(strokesOn(strokes, slice("1.2.1", 2), "me").here.map(({ stroke_id }) => stroke_id)).toEqual(["d"]);
  });

  it("are none before a slice is on the screen", () => {
    expect(strokesOn(strokes, slice(""), "me").here).toEqual([]);
  });
});
