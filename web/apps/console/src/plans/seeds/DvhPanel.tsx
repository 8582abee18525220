import type { SeedPlanDocument } from "@tongtai/api-client";
import { Panel } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { useNameOf } from "../names";
import { gray, percent } from "../numbers";
import { DVH_COLOURS, DVH_SIZE, dvhLines, dvhPath, dvhX, dvhY, MOST_SHARE } from "./dvh";
import { useStructureName } from "./structureName";

const SHARES = [0, 0.2, 0.4, 0.6, 0.8, 1];
const STEPS = [0, 0.5, 1, 1.5, 2, 2.5, 3].filter((step) => step <= MOST_SHARE);

function Axes({ prescription_gy }: { readonly prescription_gy: number }) {
  const { left, right, top, bottom } = DVH_SIZE;
  return (
    <g className="seed-dvh__axes">
      {SHARES.map((share) => (
        <g key={share}>
          <path d={`M${left} ${dvhY(share)}H${right}`} />
          <text x={left - 6} y={dvhY(share) + 4} textAnchor="end">
            {percent(share, 0)}
          </text>
        </g>
      ))}
      {STEPS.map((step) => (
        <g key={step} data-strong={step === 1}>
          <path d={`M${dvhX(step)} ${top}V${bottom}`} />
          <text x={dvhX(step)} y={bottom + 18} textAnchor="middle">
            {Math.round(step * prescription_gy)}
          </text>
        </g>
      ))}
      <text x={right} y={bottom + 36} textAnchor="end">
        Gy
      </text>
    </g>
  );
}

/** Cumulative histograms of target and hottest organs; the target's band when seeds miss their places, or its curve before changes. */
export function DvhPanel({ plan, before }: { readonly plan: SeedPlanDocument; readonly before?: SeedPlanDocument }) {
  const { t } = useTranslation("plan");
  const nameOf = useStructureName(useNameOf(plan));
  const lines = dvhLines(plan);
  const [was] = before ? dvhLines(before) : [];
  const { doses, band } = plan;
  if (!doses) return null;
  const prescription_gy = plan.request.prescription_gy;
  const { target } = doses;
  const words = [
    `D90 ${gray(target.d90_gy)}`,
    `V100 ${percent(target.v100)}`,
    `V150 ${percent(target.v150)}`,
    `V200 ${percent(target.v200)}`,
  ];
  return (
    <Panel title={t("seeds.dvh")}>
      <p className="plan-skin__summary">{words.join(" · ")}</p>
      <svg
        className="seed-dvh"
        viewBox={`0 0 ${DVH_SIZE.width} ${DVH_SIZE.height}`}
        role="img"
        aria-label={`${t("seeds.dvh")}: ${words.join(", ")}`}
        data-testid="seed-dvh"
      >
        <Axes prescription_gy={prescription_gy} />
        {band && (
          <path
            className="seed-dvh__band"
            d={`${dvhPath(band.dose_gy, band.low, prescription_gy)}${dvhPath(
              [...band.dose_gy].reverse(),
              [...band.high].reverse(),
              prescription_gy,
            ).replace("M", "L")}Z`}
          />
        )}
        {was && (
          <path
            className="seed-dvh__before"
            stroke={DVH_COLOURS[0]}
            d={dvhPath(was.dose_gy, was.cumulative_share, prescription_gy)}
          />
        )}
        {lines.map(({ structure, dose_gy, cumulative_share }, index) => (
          <path
            key={structure}
            className="seed-dvh__line"
            data-target={structure === "target"}
            stroke={DVH_COLOURS[index]}
            d={dvhPath(dose_gy, cumulative_share, prescription_gy)}
          />
        ))}
      </svg>
      <ul className="plan-legend">
        {lines.map(({ structure, volume_ml }, index) => (
          <li key={structure}>
            <i style={{ background: DVH_COLOURS[index] }} /> {nameOf(structure)} ({volume_ml.toFixed(1)} ml)
          </li>
        ))}
      </ul>
      {was && <p className="shell-dim">{t("seeds.edit.before")}</p>}
      {band && (
        <p className="shell-dim">
          {t("seeds.band", {
            mm: band.error_mm,
            trials: band.trials,
            low: band.d90_gy[0]?.toFixed(1),
            high: band.d90_gy[2]?.toFixed(1),
          })}
        </p>
      )}
    </Panel>
  );
}
