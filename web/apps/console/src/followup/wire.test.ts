import { describe, expect, it } from "vitest";

import { wireOf } from "./AssessDialog";

const FIELDS = {
  examined_on: "2026-06-01",
  modality: "ct" as const,
  lesions: [
    { lesion_id: "1", organ: "liver", longest_mm: 34, viable_mm: 0 },
    { lesion_id: "2", organ: "lymph_node", longest_mm: 12, viable_mm: null },
  ],
};

describe("an assessment", () => {
  it("names its targets at the baseline only", () => {
    expect(wireOf(FIELDS, true).targets).toEqual([
      { lesion_id: "1", organ: "liver", lymph_node: false },
      { lesion_id: "2", organ: "lymph_node", lymph_node: true },
    ]);
    expect(wireOf(FIELDS, false).targets).toEqual([]);
  });

  it("sends zero as a measurement and leaves out what was not measured", () => {
    const sent = wireOf(FIELDS, false);
    expect(sent.viable_mm).toEqual({ "1": 0 });
    expect(sent.longest_mm).toEqual({ "1": 34, "2": 12 });
  });

  it("says nothing of complete ablation before the treatment", () => {
    expect(wireOf({ ...FIELDS, complete_ablation: true }, true).complete_ablation).toBeNull();
    expect(wireOf({ ...FIELDS, complete_ablation: false }, false).complete_ablation).toBe(false);
  });
});
