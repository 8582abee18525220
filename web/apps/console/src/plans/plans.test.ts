import type { PlanDocument, PlannedNeedle, PlanSummary, Series } from "@tongtai/api-client";
import { describe, expect, it } from "vitest";

import palette from "../../../../../src/tongtai/formats/plan_book/palette.py?raw";
import bookSentences from "../../../../../src/tongtai/formats/plan_book/sentences.csv?raw";
import { planActs, planInForce } from "./acts";
import { layerOf, LAYERS, structuresOf } from "./layers";
import { distanceChips, distanceLevel } from "./limits";
import { inUnit, millimetres, percent, signed } from "./numbers";
import SENTENCES from "./sentences.json";
import { isSerious, sentenceOf } from "./sentences";
import { bestFirst, canPlanOn } from "./series";
import { skinColours } from "./skinColours";

const PLANNER = { user_id: "planner", name: "规划", name_en: "Planner" };
const summaryOf = (changed: Partial<PlanSummary>): PlanSummary =>
  ({ id: "p1", version: 1, state: "draft", made_by: PLANNER, ...changed }) as PlanSummary;

describe("who may move a plan on", () => {
  const guide = ["plan_read", "plan_review", "plan_approve"];

  it("a draft is reviewed first, then approved", () => {
    expect(planActs(summaryOf({}), "guide", guide)).toEqual({ review: "possible", approve: "not_yet" });
    expect(planActs(summaryOf({ state: "reviewed" }), "guide", guide)).toEqual({ review: "over", approve: "possible" });
  });

  it("not whoever made it, whatever the role", () => {
    expect(planActs(summaryOf({}), "planner", guide).review).toBe("own_plan");
    expect(planActs(summaryOf({ state: "reviewed" }), "planner", guide).approve).toBe("own_plan");
  });

  it("not without the right to", () => {
    expect(planActs(summaryOf({}), "guide", ["plan_read"]).review).toBe("no_right");
  });

  it("nobody once it is superseded", () => {
    expect(planActs(summaryOf({ state: "superseded" }), "guide", guide)).toEqual({ review: "over", approve: "over" });
  });
});

describe("the plan at the table", () => {
  const versions = (...states: PlanSummary["state"][]) =>
    states.map((state, index) => summaryOf({ id: `p${index + 1}`, version: index + 1, state }));

  it("is the newest approved one, even when a newer draft is there", () => {
    expect(planInForce(versions("approved", "approved", "draft"))?.version).toBe(2);
  });
  it("is else the newest that is still alive", () => {
    expect(planInForce(versions("draft", "reviewed", "superseded"))?.version).toBe(2);
    expect(planInForce(versions("superseded"))).toBeUndefined();
  });
});

describe("series to plan on", () => {
  const series = (series_uid: string, changed: Partial<Series>): Series =>
    ({
      series_uid,
      modality: "CT",
      description: "",
      study_date: "20260101",
      instances: 120,
      frames: 120,
      ...changed,
    }) as Series;

  it("the portal venous phase of the newest study comes first, unfit ones last, other modalities never", () => {
    const all = [
      series("scout", { description: "Topogram", instances: 2, frames: 2 }),
      series("old", { study_date: "20250101", description: "portal venous" }),
      series("arterial", { description: "Arterial 1.0", instances: 400 }),
      series("portal", { description: "门静脉期" }),
      series("us", { modality: "US" }),
    ];
    expect(bestFirst(all).map(({ series_uid }) => series_uid)).toEqual(["portal", "arterial", "old", "scout"]);
    expect(canPlanOn(all[0] as Series)).toBe(false);
  });

  it("a multi-frame object counts its frames", () => {
    expect(canPlanOn(series("enhanced", { instances: 1, frames: 200 }))).toBe(true);
  });
});

describe("distances from a needle", () => {
  it("are marked below five and ten millimetres, as the plan book does", () => {
    expect([0, 4.9, 5, 9.9, 10].map(distanceLevel)).toEqual(["bad", "bad", "warn", "warn", "off"]);
  });

  it("come nearest first; a broken rule is shown however far the structure is", () => {
    const needle = {
      near: [
        { name: "lung", distance_mm: 60, depth_mm: 0 },
        { name: "bone", distance_mm: 12, depth_mm: 0 },
        { name: "bowel", distance_mm: 4, depth_mm: 0 },
        { name: "heart", distance_mm: 80, depth_mm: 0 },
      ],
      broken_rules: [{ constraint: "lung", value: 60, allowed: 70 }],
    } as unknown as PlannedNeedle;
    expect(distanceChips(needle).map(({ name, level }) => [name, level])).toEqual([
      ["bowel", "bad"],
      ["bone", "off"],
      ["lung", "bad"],
    ]);
  });
});

describe("warnings", () => {
  const nameOf = (name: string) => ({ bowel: "肠", lung: "肺" })[name] ?? name;

  it("are translated with their numbers and names", () => {
    const thin = { code: "margin_thin", text: "The margin is 3.3 mm where it is thinnest; 5 asked." };
    expect(sentenceOf(thin, "zh", nameOf)).toBe("最薄处边缘为 3.3 mm，要求 5 mm。");
    const unchecked = { code: "unchecked", text: "No mask was given of: bowel, lung." };
    expect(sentenceOf(unchecked, "zh", nameOf)).toBe("没有以下结构的掩膜：肠、肺。");
    expect(sentenceOf(thin, "en", nameOf)).toBe(thin.text);
  });

  it("of a code without a row of its own are found by their words", () => {
    const reached = { code: "organ_reached", text: "Zones reach 12.3 ml of bowel." };
    expect(sentenceOf(reached, "zh", nameOf)).toBe("消融区波及肠 12.3 ml。");
  });

  it("that no row fits stay as they are", () => {
    expect(sentenceOf({ code: "new", text: "Something new." }, "zh", nameOf)).toBe("Something new.");
    expect(sentenceOf({ code: "mask_doubtful", text: "lung: A leak." }, "zh", nameOf)).toBe("肺：A leak.");
  });

  it("of a doubtful mask name it and its reason", () => {
    const doubtful = { code: "mask_doubtful", text: "lung: Air in the body that is not lung." };
    expect(sentenceOf(doubtful, "zh", nameOf)).toBe("肺：体内非肺的气体。");
  });

  it("put what can harm first", () => {
    expect(isSerious({ code: "structure_reached", text: "" })).toBe(true);
    expect(isSerious({ code: "ex_vivo", text: "" })).toBe(false);
  });

  it("are translated by the plan book's table", () => {
    const quoted = /^([^,]*),("(?:[^"]|"")*"|[^,]*),(.*)$/;
    const rows = bookSentences
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => {
        const [, code, pattern = "", zh = ""] = quoted.exec(line) ?? [];
        const plain = (text: string) => text.replace(/^"(.*)"$/, "$1").replaceAll('""', '"');
        return { code, pattern: plain(pattern), zh: plain(zh) };
      });
    expect(SENTENCES).toEqual(rows);
  });
});

it("the skin has the plan book's colours", () => {
  const reach = {
    blocked: [
      { constraint: "bowel", first_cm2: 9 },
      { constraint: "never", first_cm2: 0 },
      { constraint: "bone", first_cm2: 3 },
    ],
  } as unknown as PlanDocument["reach"];
  const { open, closed } = skinColours(reach);
  expect([...closed.keys()]).toEqual(["bowel", "bone"]);
  for (const colour of [open, ...closed.values()]) expect(palette).toContain(`"${colour}"`);
});

describe("layers", () => {
  it("take each structure's name to one group", () => {
    const names = [
      "liver_lesion_2",
      "zones",
      "N1",
      "seeds",
      "inferior_vena_cava",
      "liver",
      "kidney_left",
      "bone",
      "body",
    ];
    expect(names.map(layerOf)).toEqual([...LAYERS]);
    expect(layerOf("liver_vessel")).toBe("vessels");
    expect(layerOf("prescription_isodose")).toBe("zone");
  });

  it("that are off are not drawn; the planned tumour stands out", () => {
    const entries = [
      { value: 1, name: "liver", colour: "#9c5240" },
      { value: 2, name: "liver_lesion", colour: "#f0c800" },
      { value: 3, name: "liver_lesion_2", colour: "#f0c800" },
    ];
    const plan = { target: { tumour: "liver_lesion" } } as unknown as PlanDocument;
    const drawn = structuresOf(entries, plan, new Set(["tumour"] as const));
    expect(drawn.map(({ value, strong }) => [value, strong])).toEqual([
      [2, true],
      [3, false],
    ]);
  });
});

it("numbers carry their unit, and what is not known is a dash", () => {
  expect(percent(0.9976)).toBe("99.8 %");
  expect(millimetres(null)).toBe("–");
  expect(millimetres(-0.04)).toBe("0.0 mm");
  expect(signed(6.615)).toBe("+6.6");
  expect(inUnit(0.5, "share")).toBe("50.0 %");
  expect(inUnit(24, "min")).toBe("24 min");
});
