import type { SeedOrder } from "@tongtai/api-client";
import { Panel } from "@tongtai/ui";
import { Table } from "antd";
import { useTranslation } from "react-i18next";

import { usePreferences } from "../../shell/preferences";
import { sentenceOf } from "../sentences";

type Ordered = SeedOrder["ordered"][number];

/** How many seeds are ordered, and how strong each must be on the day of calibration. */
export function OrderPanel({ order }: { readonly order: SeedOrder }) {
  const { t } = useTranslation("plan");
  const { language } = usePreferences();
  return (
    <Panel title={t("seeds.order")} flush>
      <dl className="facts seed-facts">
        <dt>{t("seeds.model")}</dt>
        <dd>
          {order.name} ({order.model})
        </dd>
        <dt>{t("seeds.toOrder")}</dt>
        <dd data-testid="seed-order">
          {t("seeds.orderText", { total: order.total, planned: order.planned, spares: order.spares })}
          <small className="shell-dim">
            {" "}
            · {sentenceOf({ code: "source", text: order.spares_rule }, language, (name) => name)}
          </small>
        </dd>
        <dt>{t("seeds.total")}</dt>
        <dd>
          {order.total_activity_mci.toFixed(1)} mCi = {order.total_activity_mbq.toFixed(0)} MBq ={" "}
          {order.total_strength_u.toFixed(2)} U
        </dd>
      </dl>
      <Table<Ordered>
        rowKey="days_before"
        size="small"
        pagination={false}
        dataSource={[...order.ordered]}
        columns={[
          { title: t("seeds.daysBefore"), align: "right", dataIndex: "days_before" },
          { title: t("seeds.activityOne"), align: "right", render: (_, one) => `${one.activity_mci.toFixed(3)} mCi` },
          { title: t("seeds.strengthOne"), align: "right", render: (_, one) => `${one.strength_u.toFixed(4)} U` },
        ]}
      />
    </Panel>
  );
}
