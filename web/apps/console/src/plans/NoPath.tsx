import type { AnyPlanDocument, PlanReach } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Table } from "antd";
import { useTranslation } from "react-i18next";

import { useNameOf } from "./names";
import { percent } from "./numbers";

type Blocked = PlanReach["blocked"][number];

/** Why no needle is proposed: what closes the skin, and what would open it. */
export function NoPath({ plan }: { readonly plan: AnyPlanDocument }) {
  const { t } = useTranslation("plan");
  const nameOf = useNameOf(plan);
  const { reach } = plan;
  const blocked = reach.blocked.filter(({ any_cm2 }) => any_cm2 > 0);
  return (
    <Panel title={<StateMark level="bad">{t("noPath.title")}</StateMark>} flush>
      <p className="plan-note" data-testid="no-path">
        {t("noPath.text")}
      </p>
      <Table<Blocked>
        rowKey="constraint"
        size="small"
        pagination={false}
        dataSource={blocked}
        columns={[
          { title: t("noPath.closedBy"), render: (_, { constraint }) => nameOf(constraint) },
          {
            title: t("noPath.first"),
            align: "right",
            render: (_, one) => `${one.first_cm2.toFixed(0)} cm² · ${percent(one.first_cm2 / reach.skin_cm2, 0)}`,
          },
          { title: t("noPath.alone"), align: "right", render: (_, one) => `${one.alone_cm2.toFixed(0)} cm²` },
        ]}
      />
      <h3 className="plan-subtitle">{t("noPath.reliefs")}</h3>
      {reach.reliefs.length === 0 ? (
        <p className="plan-note">{t(reach.reliefs_tried ? "noPath.noRelief" : "noPath.untried")}</p>
      ) : (
        <ul className="plan-reliefs">
          {reach.reliefs.map(({ kind, obstacle, amount, before_cm2, after_cm2 }) => (
            <li key={`${kind} ${obstacle} ${amount}`}>
              <StateMark level={after_cm2 > before_cm2 ? "good" : "off"}>
                {t(`relief.${kind}`, { name: nameOf(obstacle), amount })}
              </StateMark>
              <span className="shell-dim">
                {before_cm2.toFixed(0)} → {after_cm2.toFixed(0)} cm²
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
