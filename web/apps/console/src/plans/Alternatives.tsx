import type { PlanAlternative, PlanDocument } from "@tongtai/api-client";
import { Panel } from "@tongtai/ui";
import { Button, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { millimetres, minutes, percent } from "./numbers";

interface Row extends PlanAlternative {
  readonly letter: string;
}

/** So many rows are shown at first: needles and skin stand below without scrolling. */
const SHOWN = 4;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** The plan in the first row, what else could be done below it; every row by the same measures. */
export function Alternatives({ plan }: { readonly plan: PlanDocument }) {
  const { t } = useTranslation("plan");
  const rows: Row[] = plan.alternatives.map((one, index) => ({ ...one, letter: LETTERS[index] ?? String(index + 1) }));
  const [all, setAll] = useState(false);
  const chosen = plan.request.by_hand ? -1 : 0;
  const margin_mm = plan.coverage?.chance?.margin_mm ?? plan.request.margin_mm;
  return (
    <Panel title={t("alternatives.title")} flush>
      <Table<Row>
        rowKey="letter"
        size="small"
        dataSource={all ? rows : rows.slice(0, SHOWN)}
        pagination={false}
        scroll={{ x: "max-content" }}
        rowClassName={(row) => (rows.indexOf(row) === chosen ? "plan-chosen" : "")}
        columns={[
          {
            title: "",
            render: (_, row) => (
              <strong>
                {rows.indexOf(row) === chosen ? "●" : "○"} {row.letter}
              </strong>
            ),
          },
          {
            title: t("alternatives.device"),
            render: (_, row) => (
              <span className="plan-device" title={row.device}>
                {row.device}
                <small>
                  {[t("alternatives.margin", { mm: row.margin_mm }), ...row.settings].join(" · ")} ·{" "}
                  {t(`evidence.${row.evidence}`, { defaultValue: row.evidence })}
                  {row.extrapolated && ` · ${t("alternatives.extrapolated")}`}
                </small>
              </span>
            ),
          },
          {
            title: t("alternatives.needles"),
            align: "right",
            render: (_, row) => `${row.needles} / ${row.positions}`,
          },
          { title: t("alternatives.time"), align: "right", render: (_, row) => minutes(row.energy_time_min) },
          { title: t("alternatives.tumour"), align: "right", render: (_, row) => percent(row.tumour_coverage) },
          { title: t("alternatives.target"), align: "right", render: (_, row) => percent(row.target_coverage) },
          { title: t("alternatives.thinnest"), align: "right", render: (_, row) => millimetres(row.minimum_margin_mm) },
          {
            title: t("alternatives.chance", { mm: margin_mm }),
            align: "right",
            render: (_, row) => percent(row.probability, 0),
          },
        ]}
      />
      {rows.length > SHOWN && (
        <Button type="text" block aria-expanded={all} data-testid="alternatives-all" onClick={() => setAll(!all)}>
          {t(all ? "alternatives.fewer" : "alternatives.all", { count: rows.length })}
        </Button>
      )}
      {chosen < 0 && <p className="plan-note">{t("alternatives.byHand")}</p>}
    </Panel>
  );
}
