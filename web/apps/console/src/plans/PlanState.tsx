import type { PlanState, PlanSummary } from "@tongtai/api-client";
import { type Level, StateMark } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { formatDateTime } from "../shell/preferences";
import { usePlanPerson } from "./names";

const LEVEL_OF: Readonly<Record<PlanState, Level>> = {
  draft: "warn",
  reviewed: "info",
  approved: "good",
  superseded: "off",
};

/** "Draft v3 · not signed"; who signed an approved plan stands beside it. */
export function PlanStateMark({ summary }: { readonly summary: PlanSummary }) {
  const { t } = useTranslation("plan");
  const personOf = usePlanPerson();
  const { state, version, approved_by, approved_at } = summary;
  const signed =
    approved_by && approved_at
      ? t("signedBy", { name: personOf(approved_by), at: formatDateTime(approved_at) })
      : t("notSigned");
  return (
    <StateMark level={LEVEL_OF[state]}>
      <span data-testid="plan-state" data-state={state}>
        {t(`state.${state}`)} v{version} · {signed}
      </span>
    </StateMark>
  );
}
