import type { PlanDocument, PlanHeat } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Table } from "antd";
import { useTranslation } from "react-i18next";

import { millilitres, millimetres, percent, signed } from "./numbers";

type Zone = PlanHeat["zones"][number];
type Contour = PlanHeat["contours"][number];

function Zones({ plan, heat }: { readonly plan: PlanDocument; readonly heat: PlanHeat }) {
  const { t } = useTranslation("plan");
  const tableSize = ({ position }: Zone): string => {
    const planned = plan.positions.find(({ number }) => number === position);
    return planned ? `${(2 * planned.semi_across_mm).toFixed(0)} × ${(2 * planned.semi_along_mm).toFixed(0)}` : "–";
  };
  return (
    <Table<Zone>
      rowKey="position"
      size="small"
      pagination={false}
      dataSource={heat.zones}
      scroll={{ x: "max-content" }}
      columns={[
        { title: t("heat.position"), dataIndex: "position" },
        { title: t("heat.table"), align: "right", render: (_, zone) => tableSize(zone) },
        {
          title: t("heat.simulated"),
          align: "right",
          render: (_, zone) => `${zone.short_mm.toFixed(0)} × ${zone.long_mm.toFixed(0)}`,
        },
        {
          title: t("heat.difference"),
          align: "right",
          render: (_, zone) => `${signed(zone.short_difference_mm)} / ${signed(zone.long_difference_mm)}`,
        },
        { title: t("heat.overlap"), align: "right", render: (_, zone) => zone.overlap_dice.toFixed(2) },
        {
          title: t("heat.sinks"),
          render: (_, { deficits }) =>
            deficits.length === 0 ? (
              t("heat.noSink")
            ) : (
              <StateMark level="warn">
                {deficits
                  .map(({ volume_ml, depth_mm }) => `${millilitres(volume_ml)}, ${millimetres(depth_mm)}`)
                  .join("; ")}
              </StateMark>
            ),
        },
      ]}
    />
  );
}

function Contours({ heat }: { readonly heat: PlanHeat }) {
  const { t } = useTranslation("plan");
  return (
    <Table<Contour>
      rowKey="criterion"
      size="small"
      pagination={false}
      dataSource={heat.contours}
      columns={[
        { title: t("heat.criterion"), dataIndex: "label" },
        { title: t("heat.volume"), align: "right", render: (_, contour) => millilitres(contour.volume_ml) },
        { title: t("heat.tumour"), align: "right", render: (_, contour) => percent(contour.tumour) },
        { title: t("heat.target"), align: "right", render: (_, contour) => percent(contour.target) },
      ]}
    />
  );
}

/** The maker's zone beside the simulated one: where they differ, the physician must know. */
export function HeatPanel({ plan }: { readonly plan: PlanDocument }) {
  const { t } = useTranslation("plan");
  const { heat } = plan;
  return (
    <Panel title={t("heat.title")} flush>
      {heat === null ? (
        <p className="plan-note">{t("heat.none")}</p>
      ) : (
        <>
          <Zones plan={plan} heat={heat} />
          <details className="plan-limits plan-limits--inset">
            <summary>{t("heat.contours")}</summary>
            <Contours heat={heat} />
            <p className="plan-note">
              {heat.applicator}; {heat.generator}
            </p>
          </details>
        </>
      )}
    </Panel>
  );
}
