import { useQuery } from "@tanstack/react-query";
import { ApiError, type Case, casesApi, isSeedPlan, planFileUrl, type StoredPlan } from "@tongtai/api-client";
import type { PointLpsMm } from "@tongtai/geometry";
import { ErrorState } from "@tongtai/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router-dom";

import { useErrorText } from "../shell/errors";
import { Waiting } from "../shell/Waiting";
import { Alternatives } from "./Alternatives";
import { ComparePanel } from "./ComparePanel";
import { HeatPanel } from "./HeatPanel";
import { NeedleFacts } from "./NeedleFacts";
import { NoPath } from "./NoPath";
import { PlanHead } from "./PlanHead";
import { PlanPictures } from "./PlanPictures";
import "./plans.css";
import { Proof } from "./Proof";
import { usePlan, usePlans } from "./queries";
import { SeedDesk } from "./seeds/SeedDesk";
import { useBookOnPrint } from "./useBookOnPrint";
import { Warnings } from "./Warnings";
import { WhyNot } from "./WhyNot";

function PlanDesk({ shown, stored }: { readonly shown: Case; readonly stored: StoredPlan }) {
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
    <div className="plan-page" data-testid="plan-page" data-outcome={plan.outcome}>
      <PlanHead shown={shown} stored={stored} plans={plans.data ?? []} other={other} onCompare={setOther} />
      <div className="plan-desk">
        <PlanPictures {...panel} needle={needle} onNeedle={setNeedle} goal={goal?.at ?? null} />
        <aside className="plan-side" aria-label={t("side")}>
          {other !== null && (
            <ComparePanel {...panel} plans={plans.data ?? []} other={other} onClose={() => setOther(null)} />
          )}
          {plan.outcome === "no_safe_path" ? <NoPath plan={plan} /> : <Alternatives plan={plan} />}
          {plan.needles.length > 0 && (
            <NeedleFacts plan={plan} chosen={needle} onChoose={setNeedle} onPoint={pointAt} />
          )}
          <WhyNot {...panel} onPoint={pointAt} />
          <Warnings plan={plan} />
          {plan.outcome === "planned" && <HeatPanel plan={plan} />}
          <Proof stored={stored} />
        </aside>
      </div>
      <p className="plan-print">{t("printBook")}</p>
    </div>
  );
}

/** One plan: three planes, three dimensions, and every number beside them. */
export default function PlanPage() {
  const { t } = useTranslation("plan");
  const errorText = useErrorText();
  const { caseId = "", planId = "" } = useParams();
  const shown = useQuery({ queryKey: ["case", caseId], queryFn: () => casesApi.get(caseId) });
  const stored = usePlan(caseId, planId);
  const error = shown.error ?? stored.error;
  if (error) {
    const gone = error instanceof ApiError && error.status === 404;
    return (
      <ErrorState
        title={t(gone ? "notFound" : "failed")}
        text={errorText(error)}
        action={<Link to={`/cases/${caseId}`}>{t("toCase")}</Link>}
      />
    );
  }
  if (!shown.data || !stored.data) return <Waiting />;
  return isSeedPlan(stored.data) ? (
    <SeedDesk key={planId} shown={shown.data} stored={stored.data} />
  ) : (
    <PlanDesk key={planId} shown={shown.data} stored={stored.data} />
  );
}
