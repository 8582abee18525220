import type { SeedNeedle, SeedPlanDocument } from "@tongtai/api-client";
import { type PointLpsMm, pointLpsMm } from "@tongtai/geometry";
import { Panel, ToolButton } from "@tongtai/ui";
import { Table } from "antd";
import { useTranslation } from "react-i18next";

import { DistanceChips } from "../NeedleFacts";
import { millimetres } from "../numbers";
import { vectorOf } from "../scene";

interface LoadingPanelProps {
  readonly plan: SeedPlanDocument;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
  readonly onPoint: (at: PointLpsMm) => void;
  /** Whether its path through the body was measured: not while seeds are changed. */
  readonly measured?: boolean;
}

/** The needle drawn from its tip: seeds and the spaces between them, to one scale for all needles. */
function Pattern({ needle, longest_mm }: { readonly needle: SeedNeedle; readonly longest_mm: number }) {
  const { tip_to_first_mm, steps_mm } = needle;
  const places = steps_mm.reduce<number[]>((sum, step) => [...sum, (sum.at(-1) ?? 0) + step], [tip_to_first_mm]);
  return (
    <svg className="seed-pattern" viewBox={`-2 0 ${longest_mm + 8} 8`} preserveAspectRatio="xMinYMid meet" aria-hidden>
      <path d={`M0 4H${longest_mm + 4}`} />
      <path d="M0 1.5V6.5" />
      {places.map((place) => (
        <rect key={place} x={place - 2.25} y={2.4} width={4.5} height={3.2} rx={1} />
      ))}
    </svg>
  );
}

/** How each needle is placed and loaded, from the tip back. */
export function LoadingPanel({ plan, chosen, onChoose, onPoint, measured = true }: LoadingPanelProps) {
  const { t } = useTranslation("plan");
  const longest_mm = Math.max(
    ...plan.needles.map(({ tip_to_first_mm, steps_mm }) => steps_mm.reduce((sum, step) => sum + step, tip_to_first_mm)),
  );
  const shown = plan.needles.find(({ id }) => id === chosen);
  return (
    <Panel title={t("seeds.loading")} flush>
      <p className="plan-note">{t("seeds.loadingHint")}</p>
      <Table<SeedNeedle>
        rowKey="id"
        size="small"
        pagination={false}
        scroll={{ x: "max-content" }}
        dataSource={[...plan.needles]}
        rowClassName={({ id }) => (id === chosen ? "plan-chosen" : "")}
        columns={[
          {
            title: t("seeds.needle"),
            render: (_, { id, hole }) => (
              <ToolButton
                label={hole === "" ? id : `${id} · ${hole}`}
                pressed={id === chosen}
                data-testid={`seed-needle-${id}`}
                onClick={() => onChoose(id)}
              />
            ),
          },
          { title: t("seeds.depth"), align: "right", render: (_, { depth_mm }) => millimetres(depth_mm) },
          {
            title: t("seeds.fromTemplate"),
            align: "right",
            render: (_, { template_to_tip_mm }) => millimetres(template_to_tip_mm),
          },
          { title: t("seeds.seeds"), align: "right", dataIndex: "seeds" },
          { title: t("seeds.tipToFirst"), align: "right", render: (_, one) => millimetres(one.tip_to_first_mm) },
          {
            title: t("seeds.steps"),
            render: (_, { steps_mm }) =>
              steps_mm.length === 0 ? "–" : steps_mm.map((step) => +step.toFixed(1)).join(" – "),
          },
          { title: t("seeds.pattern"), render: (_, needle) => <Pattern needle={needle} longest_mm={longest_mm} /> },
        ]}
      />
      {shown && measured && (
        <div className="seed-chosen">
          <ToolButton
            label={t("needle.showEntry")}
            onClick={() => onPoint(pointLpsMm(...vectorOf(shown.entry_lps_mm)))}
          />
          <ToolButton label={t("needle.showTip")} onClick={() => onPoint(pointLpsMm(...vectorOf(shown.tip_lps_mm)))} />
          <span>
            {t("needle.angle", { degrees: shown.axial_angle_deg.toFixed(0) })} ·{" "}
            {t("needle.liver", { mm: shown.liver_pass_mm.toFixed(0) })}
          </span>
          <DistanceChips plan={plan} needle={shown} />
        </div>
      )}
    </Panel>
  );
}
