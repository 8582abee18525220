import type { AnyStoredPlan } from "@tongtai/api-client";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ComparePanel } from "./ComparePanel";
import { PlanHead } from "./PlanHead";
import type { PlanDesk } from "./usePlanDesk";

interface DeskFrameProps<Stored extends AnyStoredPlan> {
  readonly desk: PlanDesk<Stored>;
  readonly testId: string;
  readonly pictures: ReactNode;
  /** The panels beside the pictures. */
  readonly children: ReactNode;
}

/** The page of a plan: its head, the pictures, and beside them the comparison and the panels of the technique. */
export function DeskFrame<Stored extends AnyStoredPlan>({ desk, testId, pictures, children }: DeskFrameProps<Stored>) {
  const { t } = useTranslation("plan");
  const { shown, panel, plans, other, compareWith } = desk;
  return (
    <div className="plan-page" data-testid={testId} data-outcome={panel.stored.plan.outcome}>
      <PlanHead shown={shown} stored={panel.stored} plans={plans} other={other} onCompare={compareWith} />
      <div className="plan-desk">
        {pictures}
        <aside className="plan-side" aria-label={t("side")}>
          {other !== null && <ComparePanel {...panel} plans={plans} other={other} onClose={() => compareWith(null)} />}
          {children}
        </aside>
      </div>
      <p className="plan-print">{t("printBook")}</p>
    </div>
  );
}
