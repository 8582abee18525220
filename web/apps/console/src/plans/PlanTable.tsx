import type { PlanSummary } from "@tongtai/api-client";
import { EmptyState } from "@tongtai/ui";
import { Table } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { formatDateTime } from "../shell/preferences";
import { usePlanPerson } from "./names";
import { gray, millimetres, minutes, percent } from "./numbers";
import { PlanStateMark } from "./PlanState";

interface PlanTableProps {
  readonly caseId: string;
  readonly plans: readonly PlanSummary[];
  readonly mayMake: boolean;
}

/** All plans of a case, the newest first. */
export function PlanTable({ caseId, plans, mayMake }: PlanTableProps) {
  const { t } = useTranslation("plan");
  const personOf = usePlanPerson();
  if (plans.length === 0) {
    return <EmptyState title={t("list.none")} text={t(mayMake ? "list.noneMake" : "list.noneRead")} />;
  }
  const ofPlanned = (render: (plan: PlanSummary) => React.ReactNode) => (_: unknown, plan: PlanSummary) =>
    plan.outcome === "no_safe_path" ? "–" : render(plan);
  return (
    <Table<PlanSummary>
      rowKey="id"
      size="small"
      dataSource={[...plans]}
      pagination={{ pageSize: 10, hideOnSinglePage: true }}
      scroll={{ x: "max-content" }}
      columns={[
        {
          title: t("list.plan"),
          render: (_, plan) => (
            <Link to={`/cases/${caseId}/plans/${plan.id}`} data-testid={`plan-v${plan.version}`}>
              v{plan.version} · {t(`technique.${plan.technique}`)}
              {plan.outcome === "no_safe_path" && ` · ${t("noPath.short")}`}
              {plan.outcome === "goals_not_met" && ` · ${t("seeds.missedShort")}`}
            </Link>
          ),
        },
        { title: t("list.state"), render: (_, plan) => <PlanStateMark summary={plan} /> },
        {
          title: t("list.needles"),
          align: "right",
          render: ofPlanned(({ needles, positions, implant }) => `${needles} / ${implant?.seeds ?? positions ?? "–"}`),
        },
        {
          title: t("list.time"),
          align: "right",
          render: ofPlanned(({ energy_time_min, implant }) =>
            implant ? gray(implant.d90_gy) : energy_time_min === null ? "–" : minutes(energy_time_min),
          ),
        },
        {
          title: t("list.target"),
          align: "right",
          render: ofPlanned(({ target_coverage, implant }) => percent(implant ? implant.v100 : target_coverage)),
        },
        {
          title: t("list.thinnest"),
          align: "right",
          render: ofPlanned(({ minimum_margin_mm }) => millimetres(minimum_margin_mm)),
        },
        { title: t("list.warnings"), align: "right", dataIndex: "warnings" },
        {
          title: t("list.made"),
          render: (_, { made_by, made_at }) => `${personOf(made_by)} · ${formatDateTime(made_at)}`,
        },
      ]}
    />
  );
}
