import { type Case, planFileUrl, type StoredSeedPlan } from "@tongtai/api-client";
import type { PointLpsMm } from "@tongtai/geometry";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ComparePanel } from "../ComparePanel";
import { NoPath } from "../NoPath";
import { PlanHead } from "../PlanHead";
import { Proof } from "../Proof";
import { usePlans } from "../queries";
import { useBookOnPrint } from "../useBookOnPrint";
import { Warnings } from "../Warnings";
import { WhyNot } from "../WhyNot";
import { DvhPanel } from "./DvhPanel";
import { GoalsPanel } from "./GoalsPanel";
import { LoadingPanel } from "./LoadingPanel";
import { OrderPanel } from "./OrderPanel";
import { RadiationPanel } from "./RadiationPanel";
import { SeedFiles } from "./SeedFiles";
import { SeedPictures } from "./SeedPictures";
import "./seeds.css";

/** A plan of seeds: slices across the needles with isodoses, three dimensions, and every number beside them. */
export function SeedDesk({ shown, stored }: { readonly shown: Case; readonly stored: StoredSeedPlan }) {
  const { t } = useTranslation("plan");
  const { summary, plan } = stored;
  const plans = usePlans(shown.id);
  const [other, setOther] = useState<string | null>(null);
  const [needle, setNeedle] = useState<string | undefined>(plan.needles[0]?.id);
  const [goal, setGoal] = useState<{ readonly at: PointLpsMm } | null>(null);
  useBookOnPrint(planFileUrl(shown.id, summary.id, "plan-book.pdf"));
  const panel = { caseId: shown.id, stored };
  const pointAt = (at: PointLpsMm): void => setGoal({ at });
  return (
    <div className="plan-page" data-testid="seed-plan-page" data-outcome={plan.outcome}>
      <PlanHead shown={shown} stored={stored} plans={plans.data ?? []} other={other} onCompare={setOther} />
      <div className="plan-desk">
        <SeedPictures {...panel} needle={needle} onNeedle={setNeedle} goal={goal?.at ?? null} />
        <aside className="plan-side" aria-label={t("side")}>
          {other !== null && (
            <ComparePanel {...panel} plans={plans.data ?? []} other={other} onClose={() => setOther(null)} />
          )}
          {plan.outcome === "no_safe_path" ? <NoPath plan={plan} /> : <GoalsPanel plan={plan} />}
          {plan.doses && <DvhPanel plan={plan} />}
          {plan.needles.length > 0 && (
            <LoadingPanel plan={plan} chosen={needle} onChoose={setNeedle} onPoint={pointAt} />
          )}
          <Warnings plan={plan} />
          {plan.order && <OrderPanel order={plan.order} />}
          {plan.radiation && <RadiationPanel sheet={plan.radiation} />}
          <WhyNot {...panel} onPoint={pointAt} />
          <SeedFiles {...panel} />
          <Proof stored={stored} />
        </aside>
      </div>
      <p className="plan-print">{t("printBook")}</p>
    </div>
  );
}
