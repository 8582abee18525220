import { type AnyStoredPlan, type Case, planFileUrl, type PlanSummary } from "@tongtai/api-client";
import { PlanSlice } from "@tongtai/react/plan";
import { EmptyState, StateMark } from "@tongtai/ui";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { planInForce } from "./acts";
import "./card.css";
import { structuresOf } from "./layers";
import { DistanceChips } from "./NeedleFacts";
import { gray, millimetres, minutes, percent } from "./numbers";
import { PlanStateMark } from "./PlanState";
import "./plans.css";
import { hashOf, usePlan, usePlans } from "./queries";
import { needleLine, vectorOf, zonesOf } from "./scene";
import { useLabels, useTarget } from "./volumes";

interface PlanCardProps {
  readonly caseId: string;
  /** `room`: for a tablet at the table. */
  readonly size: "desk" | "room";
}

function KeyNumbers({ summary }: { readonly summary: PlanSummary }) {
  const { t } = useTranslation("plan");
  const { implant, energy_time_min } = summary;
  const numbers: readonly (readonly [string, string])[] = implant
    ? [
        [t("seeds.count"), `${summary.needles} / ${implant.seeds} · ${implant.activity_mci} mCi`],
        [t("seeds.d90", { gy: implant.prescription_gy }), gray(implant.d90_gy)],
        ["V100", percent(implant.v100)],
      ]
    : [
        [t("card.needles"), `${summary.needles} / ${summary.positions ?? 0} · ${minutes(energy_time_min ?? 0)}`],
        [t("card.target", { mm: summary.margin_mm }), percent(summary.target_coverage)],
        [t("card.thinnest"), millimetres(summary.minimum_margin_mm)],
      ];
  return (
    <dl className="plan-card__numbers">
      {numbers.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The CT slice through the target with needles, zones and the tumour in it. */
function TargetSlice({ caseId, stored }: { readonly caseId: string; readonly stored: AnyStoredPlan }) {
  const { plan } = stored;
  const labels = useLabels(caseId, stored);
  const target = useTarget(caseId, stored);
  const structures = useMemo(
    () => structuresOf(labels.data?.entries ?? [], plan, new Set(["tumour", "liver"] as const)),
    [labels.data, plan],
  );
  return (
    <div className="plan-card__picture">
      <PlanSlice
        caseId={caseId}
        studyUid={plan.image.study_uid}
        seriesUid={plan.image.series_uid}
        at={vectorOf(plan.target.centre_lps_mm)}
        technique={plan.request.technique}
        needles={plan.needles.map(needleLine)}
        zones={"positions" in plan ? zonesOf(plan) : []}
        labels={labels.data?.voxels ?? null}
        target={target.data ?? null}
        structures={structures}
      />
    </div>
  );
}

function CardActs({
  caseId,
  stored,
  size,
}: {
  readonly caseId: Case["id"];
  stored: AnyStoredPlan;
  size: "desk" | "room";
}) {
  const { t } = useTranslation("plan");
  const { id } = stored.summary;
  return (
    <div className="plan-card__acts">
      {hashOf(stored, "plan-book.pdf") !== null && (
        <a
          className="tt-tool"
          data-size={size}
          data-testid="card-book"
          href={planFileUrl(caseId, id, "plan-book.pdf")}
          target="_blank"
          rel="noreferrer"
        >
          {t("book.open")}
        </a>
      )}
      <Link className="tt-tool" data-size={size} to={`/cases/${caseId}/plans/${id}`} target="_blank">
        {t("card.whole")}
      </Link>
    </div>
  );
}

/** The plan that counts now, in a few lines beside the live pictures. */
export function PlanCard({ caseId, size }: PlanCardProps) {
  const { t } = useTranslation("plan");
  const plans = usePlans(caseId);
  const summary = planInForce(plans.data ?? []);
  const { data: stored, error } = usePlan(caseId, summary?.id);
  if (plans.isPending) return <p className="dim">{t("loading")}</p>;
  if (plans.isError || error) return <p role="alert">{t("failed")}</p>;
  if (!summary) return <EmptyState title={t("card.none")} text={t("card.noneText")} />;
  return (
    <section className="plan-card" data-testid="plan-card" aria-label={t("title")}>
      <div className="plan-card__head">
        <PlanStateMark summary={summary} />
        {summary.outcome === "no_safe_path" && <StateMark level="bad">{t("noPath.title")}</StateMark>}
      </div>
      {summary.outcome !== "no_safe_path" && <KeyNumbers summary={summary} />}
      {summary.outcome === "goals_not_met" && (
        <StateMark level="bad">{t("seeds.missed", { count: summary.implant?.goals_missed ?? 0 })}</StateMark>
      )}
      {stored?.plan.needles.map((needle) => (
        <div key={needle.id} className="plan-card__needle">
          <strong>{needle.id}</strong> {t("needle.depth", { mm: needle.depth_mm.toFixed(0) })} ·{" "}
          {t("needle.angle", { degrees: needle.axial_angle_deg.toFixed(0) })}
          <DistanceChips plan={stored.plan} needle={needle} />
        </div>
      ))}
      {stored && <TargetSlice caseId={caseId} stored={stored} />}
      {stored && <CardActs caseId={caseId} stored={stored} size={size} />}
    </section>
  );
}
