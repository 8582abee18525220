import type { Stroke } from "@tongtai/session-core";
import { expect, test } from "vitest";

import { shownStroke } from "./useDrawing";

const STROKE: Stroke = {
  stroke_id: "s",
  surface: { kind: "feed", feed: "ultrasound", frozen: null },
  tool: "pen",
  points: [[0.5, 0.5]],
  text: null,
  colour: "#38bdf8",
  width: 0.004,
  by_id: "u1",
  by_name: "陈铎",
  t_ms: 1,
};

test("another's drawing carries the name that the page writes, one's own none", () => {
  const named = (name: string) => (name === "陈铎" ? "Chen Duo" : name);
  expect(shownStroke(STROKE, "u2").author_name).toBe("陈铎");
  expect(shownStroke(STROKE, "u2", named).author_name).toBe("Chen Duo");
  expect(shownStroke(STROKE, "u1", named).author_name).toBeUndefined();
});
