import type { GoalJudged, SeedPlanDocument } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Table } from "antd";
import { useTranslation } from "react-i18next";

import { usePreferences } from "../../shell/preferences";
import { useNameOf } from "../names";
import { gray, percent } from "../numbers";
import { sentenceOf } from "../sentences";
import { useStructureName } from "./structureName";

const inUnit = (value: number | null, unit: string): string => (unit === "share" ? percent(value) : gray(value));
const LEVELS = { met: "good", missed: "bad", unknown: "off" } as const;
const stateOf = ({ met }: GoalJudged) => (met === null ? "unknown" : met ? "met" : "missed");

/** Every goal with what is reached, and the plan in one line above them. */
export function GoalsPanel({ plan }: { readonly plan: SeedPlanDocument }) {
  const { t } = useTranslation("plan");
  const { language } = usePreferences();
  const nameOf = useStructureName(useNameOf(plan));
  const { request, seed, needles, seeds, template } = plan;
  const said = (text: string): string => sentenceOf({ code: "source", text }, language, (name) => name);
  const missed = plan.goals.filter(({ met }) => met === false).length;
  const head = [
    t("seeds.toInfinity", { gy: request.prescription_gy }),
    `${seed.name} (${seed.model})`,
    `${request.activity_mci} mCi = ${request.strength_u.toFixed(4)} U`,
    t("seeds.counted", { needles: needles.length, seeds: seeds.length }),
    template ? t("seeds.template", { mm: template.spacing_mm }) : t("seeds.free"),
  ];
  return (
    <Panel title={t("seeds.goals")} flush>
      <p className="plan-note">{head.join(" · ")}</p>
      <p className="plan-note" data-testid="seed-goals" data-missed={missed}>
        <StateMark level={missed > 0 ? "bad" : "good"}>
          {missed > 0 ? t("seeds.missed", { count: missed }) : t("seeds.allMet")}
        </StateMark>
      </p>
      <Table<GoalJudged>
        rowKey={({ structure, quantity }) => `${structure} ${quantity}`}
        size="small"
        pagination={false}
        scroll={{ x: "max-content" }}
        dataSource={[...plan.goals]}
        columns={[
          { title: t("seeds.structure"), render: (_, { structure }) => nameOf(structure) },
          { title: t("seeds.quantity"), dataIndex: "quantity" },
          {
            title: t("seeds.goal"),
            align: "right",
            render: (_, { at_least, value, unit }) => `${at_least ? "≥" : "≤"} ${inUnit(value, unit)}`,
          },
          { title: t("seeds.reached"), align: "right", render: (_, { reached, unit }) => inUnit(reached, unit) },
          {
            title: "",
            render: (_, goal) => (
              <span title={said(goal.source)}>
                <StateMark level={LEVELS[stateOf(goal)]}>{t(`seeds.goalState.${stateOf(goal)}`)}</StateMark>
              </span>
            ),
          },
        ]}
      />
    </Panel>
  );
}
