import { useQuery } from "@tanstack/react-query";
import { ApiError, type Case, casesApi, isSeedPlan, type StoredPlan } from "@tongtai/api-client";
import { ErrorState } from "@tongtai/ui";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router-dom";

import { useErrorText } from "../shell/errors";
import { Waiting } from "../shell/Waiting";
import { Alternatives } from "./Alternatives";
import { DeskFrame } from "./DeskFrame";
import { HeatPanel } from "./HeatPanel";
import { NeedleFacts } from "./NeedleFacts";
import { NoPath } from "./NoPath";
import { PlanPictures } from "./PlanPictures";
import "./plans.css";
import { Proof } from "./Proof";
import { usePlan } from "./queries";
import { SeedDesk } from "./seeds/SeedDesk";
import { usePlanDesk } from "./usePlanDesk";
import { Warnings } from "./Warnings";
import { WhyNot } from "./WhyNot";

function AblationDesk({ shown, stored }: { readonly shown: Case; readonly stored: StoredPlan }) {
  const { plan } = stored;
  const desk = usePlanDesk(shown, stored);
  const { panel, needle, chooseNeedle, goal, pointAt } = desk;
  return (
    <DeskFrame
      desk={desk}
      testId="plan-page"
      pictures={<PlanPictures {...panel} needle={needle} onNeedle={chooseNeedle} goal={goal} />}
    >
      {plan.outcome === "no_safe_path" ? <NoPath plan={plan} /> : <Alternatives plan={plan} />}
      {plan.needles.length > 0 && <NeedleFacts plan={plan} chosen={needle} onChoose={chooseNeedle} onPoint={pointAt} />}
      <WhyNot {...panel} onPoint={pointAt} />
      <Warnings plan={plan} />
      {plan.outcome === "planned" && <HeatPanel plan={plan} />}
      <Proof stored={stored} />
    </DeskFrame>
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
    <AblationDesk key={planId} shown={shown.data} stored={stored.data} />
  );
}
