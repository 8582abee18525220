import { type AnyStoredPlan, type Case, planFileUrl, type PlanSummary } from "@tongtai/api-client";
import { type PointLpsMm, pointLpsMm } from "@tongtai/geometry";
import { useState } from "react";

import { usePlans } from "./queries";
import { useBookOnPrint } from "./useBookOnPrint";

/** What the page of a plan remembers while one looks at it, whatever the technique. */
export interface PlanDesk<Stored extends AnyStoredPlan> {
  readonly shown: Case;
  /** What every panel about this plan takes. */
  readonly panel: { readonly caseId: string; readonly stored: Stored };
  /** All plans of the case, to compare with. */
  readonly plans: readonly PlanSummary[];
  readonly other: string | null;
  readonly compareWith: (planId: string | null) => void;
  readonly needle: string | undefined;
  readonly chooseNeedle: (needleId: string) => void;
  /** The place that the planes go to. */
  readonly goal: PointLpsMm | null;
  readonly pointAt: (at: PointLpsMm) => void;
}

/** The choices on the page of a plan; printing it prints the plan book. */
export function usePlanDesk<Stored extends AnyStoredPlan>(shown: Case, stored: Stored): PlanDesk<Stored> {
  const plans = usePlans(shown.id);
  const [other, compareWith] = useState<string | null>(null);
  const [needle, chooseNeedle] = useState<string | undefined>(stored.plan.needles[0]?.id);
  const [goal, setGoal] = useState<PointLpsMm | null>(null);
  useBookOnPrint(planFileUrl(shown.id, stored.summary.id, "plan-book.pdf"));
  return {
    shown,
    panel: { caseId: shown.id, stored },
    plans: plans.data ?? [],
    other,
    compareWith,
    needle,
    chooseNeedle,
    goal,
    // A point of its own each time: who scrolled away can ask for the same place again.
    pointAt: ([left, posterior, superior]) => setGoal(pointLpsMm(left, posterior, superior)),
  };
}
