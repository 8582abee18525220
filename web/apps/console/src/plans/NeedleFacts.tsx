import type { AnyPlanDocument, PlanDocument, PlannedNeedle, SeedNeedle } from "@tongtai/api-client";
import { type PointLpsMm, pointLpsMm } from "@tongtai/geometry";
import { Panel, StateMark, ToolButton } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { distanceChips } from "./limits";
import { useNameOf } from "./names";
import { millimetres, minutes } from "./numbers";
import { vectorOf } from "./scene";

interface NeedleFactsProps {
  readonly plan: PlanDocument;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
  readonly onPoint: (at: PointLpsMm) => void;
}

/** Distances that matter as chips; shape and word say what colour says. */
export function DistanceChips({
  plan,
  needle,
}: {
  readonly plan: AnyPlanDocument;
  readonly needle: PlannedNeedle | SeedNeedle;
}) {
  const { t } = useTranslation("plan");
  const nameOf = useNameOf(plan);
  return (
    <ul className="plan-chips" data-testid={`chips-${needle.id}`}>
      {distanceChips(needle).map(({ name, distance_mm, level, allowed_mm }) => (
        <li key={name} data-level={level}>
          <StateMark level={level}>
            {nameOf(name)} {distance_mm <= 0 ? t("needle.through") : millimetres(distance_mm)}
            {allowed_mm !== null && ` (${t("needle.allowed", { mm: allowed_mm })})`}
          </StateMark>
        </li>
      ))}
      {"pleura_crossed" in needle && (
        <li data-level={needle.pleura_crossed ? "bad" : "off"}>
          <StateMark level={needle.pleura_crossed ? "bad" : "good"}>
            {t(needle.pleura_crossed ? "needle.pleura" : "needle.noPleura")}
          </StateMark>
        </li>
      )}
    </ul>
  );
}

function Energy({ plan, needle }: { readonly plan: PlanDocument; readonly needle: PlannedNeedle }) {
  const { t } = useTranslation("plan");
  return (
    <ol className="plan-energy">
      {plan.positions
        .filter((position) => position.needle === needle.id)
        .map(({ number, power_w, current_ma, time_min, tip_depth_mm, pull_back_mm, semi_across_mm, semi_along_mm }) => (
          <li key={number} value={number}>
            {[
              power_w === null ? null : `${power_w} W`,
              current_ma === null ? null : `${current_ma} mA`,
              minutes(time_min),
              t("needle.tipAt", { mm: tip_depth_mm.toFixed(0) }),
              pull_back_mm > 0 ? t("needle.pullBack", { mm: pull_back_mm.toFixed(0) }) : null,
              t("needle.zone", { across: (2 * semi_across_mm).toFixed(0), along: (2 * semi_along_mm).toFixed(0) }),
            ]
              .filter((part) => part !== null)
              .join(" · ")}
          </li>
        ))}
    </ol>
  );
}

/** Each needle: how deep, how steep, what lies near it, and what is done on it. */
export function NeedleFacts({ plan, chosen, onChoose, onPoint }: NeedleFactsProps) {
  const { t } = useTranslation("plan");
  return (
    <Panel title={t("needle.title")}>
      {plan.needles.map((needle) => (
        <section key={needle.id} className="plan-needle" data-chosen={needle.id === chosen}>
          <header>
            <ToolButton label={needle.id} pressed={needle.id === chosen} onClick={() => onChoose(needle.id)} />
            <span>
              {t("needle.depth", { mm: needle.depth_mm.toFixed(0) })} ·{" "}
              {t("needle.angle", { degrees: needle.axial_angle_deg.toFixed(0) })} ·{" "}
              {t("needle.liver", { mm: needle.liver_pass_mm.toFixed(0) })}
            </span>
            <ToolButton
              label={t("needle.showEntry")}
              onClick={() => onPoint(pointLpsMm(...vectorOf(needle.entry_lps_mm)))}
            />
            <ToolButton
              label={t("needle.showTip")}
              onClick={() => onPoint(pointLpsMm(...vectorOf(needle.tip_lps_mm)))}
            />
          </header>
          <DistanceChips plan={plan} needle={needle} />
          <Energy plan={plan} needle={needle} />
        </section>
      ))}
      {plan.gaps.length > 0 && (
        <p className="plan-note">
          {plan.gaps
            .map(({ first, second, distance_mm }) => `${first}–${second} ${millimetres(distance_mm)}`)
            .join(" · ")}
        </p>
      )}
    </Panel>
  );
}
