import type { StoredSeedPlan } from "@tongtai/api-client";
import type { PointLpsMm } from "@tongtai/geometry";
import { type DisplayWindow, type Voxels, WINDOW_PRESETS } from "@tongtai/viewer-core/plan";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { ImageLoading } from "../ImageLoading";
import { type Layer, layerOf, LAYERS, structuresOf } from "../layers";
import { LayerButtons } from "../LayerButtons";
import { WindowButtons } from "../PlanPictures";
import { PlanScene } from "../PlanScene";
import { useScene } from "../queries";
import { useDose, useGrey, useLabels, useTarget } from "../volumes";
import { seedSceneOf } from "./seedScene";
import { type Editing, ISODOSE_SHARES, SeedPlanes } from "./SeedPlanes";

interface SeedPicturesProps {
  readonly caseId: string;
  readonly stored: StoredSeedPlan;
  readonly needle: string | undefined;
  readonly onNeedle: (id: string) => void;
  readonly goal: PointLpsMm | null;
  readonly editing?: Editing | undefined;
}

function useVolumes(
  caseId: string,
  stored: StoredSeedPlan,
  on: ReadonlySet<Layer>,
  changed: Voxels<Float32Array> | null,
) {
  const grey = useGrey(caseId, stored);
  const labels = useLabels(caseId, stored);
  const target = useTarget(caseId, stored);
  const dose = useDose(caseId, stored);
  const shownTarget = on.has("tumour") ? (target.data ?? null) : null;
  const volumes = useMemo(
    () => (grey.data ? { grey: grey.data, labels: labels.data?.voxels ?? null, target: shownTarget } : null),
    [grey.data, labels.data, shownTarget],
  );
  const prescription_gy = stored.plan.request.prescription_gy;
  const isodoses = on.has("zone");
  const voxels = changed ?? dose.data;
  const shownDose = useMemo(
    () => (voxels && isodoses ? { voxels, prescription_gy, shares: ISODOSE_SHARES } : undefined),
    [voxels, isodoses, prescription_gy],
  );
  return { grey, labels, volumes, dose: shownDose, failed: Boolean(grey.error ?? labels.error ?? dose.error) };
}

/** The CT with isodoses and seeds, slice by slice across the needles too, and the scene. */
export function SeedPictures({ caseId, stored, needle, onNeedle, goal, editing }: SeedPicturesProps) {
  const { t } = useTranslation("plan");
  const { plan } = stored;
  const [window, setWindow] = useState<DisplayWindow>(WINDOW_PRESETS.abdomen);
  const [on, setOn] = useState<ReadonlySet<Layer>>(new Set(LAYERS));
  const { grey, labels, volumes, dose, failed } = useVolumes(caseId, stored, on, editing?.dose ?? null);
  const scene = useScene(caseId, stored);
  const structures = useMemo(() => structuresOf(labels.data?.entries ?? [], plan, on), [labels.data, plan, on]);
  const isEditing = editing !== undefined;
  const parts = useMemo(() => {
    // The surface of the prescription isodose is the plan's: it does not follow changes.
    const surfaces = (scene.data ?? []).filter(({ name }) => !isEditing || layerOf(name) !== "zone");
    return seedSceneOf(surfaces, plan);
  }, [scene.data, plan, isEditing]);
  return (
    <section className="plan-pictures" aria-label={t("pictures")}>
      <div className="plan-tools" role="toolbar" aria-label={t("tools")}>
        <WindowButtons window={window} onWindow={setWindow} />
        <LayerButtons
          layers={LAYERS}
          names={{ zone: t("seeds.isodoses") }}
          on={on}
          onChange={setOn}
          entries={labels.data?.entries ?? []}
          parts={parts}
        />
        <ul className="plan-legend seed-isodoses" aria-label={t("seeds.isodoses")}>
          {ISODOSE_SHARES.map((share) => (
            <li key={share}>
              <i data-share={share} /> {share * 100} % = {+(share * plan.request.prescription_gy).toFixed(1)} Gy
            </li>
          ))}
        </ul>
      </div>
      <div className="plan-grid">
        {volumes ? (
          <SeedPlanes {...{ plan, volumes, structures, window, needle, onNeedle, goal, on, dose, editing }} />
        ) : (
          <ImageLoading grey={grey} failed={failed} />
        )}
        <PlanScene plan={plan} parts={parts} on={on} needle={needle} failed={scene.error !== null} />
      </div>
    </section>
  );
}
