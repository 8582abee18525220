import type { AnyPlanDocument } from "@tongtai/api-client";
import { type PointLpsMm, pointLpsMm } from "@tongtai/geometry";
import { useState } from "react";

import { vectorOf } from "./scene";

/** Where all planes cross: scrolling and clicking move it, a place that somebody asked for replaces it. */
export function useCross(plan: AnyPlanDocument, goal: PointLpsMm | null) {
  const [cross, setCross] = useState<PointLpsMm>(() => pointLpsMm(...vectorOf(plan.target.centre_lps_mm)));
  const [followed, setFollowed] = useState(goal);
  if (goal !== followed) {
    setFollowed(goal);
    if (goal) setCross(goal);
  }
  return [cross, setCross] as const;
}
