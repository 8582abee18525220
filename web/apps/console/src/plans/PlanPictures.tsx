import type { StoredPlan } from "@tongtai/api-client";
import type { PointLpsMm } from "@tongtai/geometry";
import { type DisplayWindow, presetOf, WINDOW_PRESET_NAMES, WINDOW_PRESETS } from "@tongtai/viewer-core/plan";
import { ToolButton } from "@tongtai/ui";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useHotkey } from "../shell/hotkeys";
import { ImageLoading } from "./ImageLoading";
import { ABLATION_LAYERS, type Layer, structuresOf } from "./layers";
import { LayerButtons } from "./LayerButtons";
import { PlanPlanes } from "./PlanPlanes";
import { PlanScene } from "./PlanScene";
import { useScene } from "./queries";
import { sceneOf } from "./scene";
import { useGrey, useLabels, useTarget } from "./volumes";

interface PlanPicturesProps {
  readonly caseId: string;
  readonly stored: StoredPlan;
  readonly needle: string | undefined;
  readonly onNeedle: (id: string) => void;
  /** A place that somebody asked to see. */
  readonly goal: PointLpsMm | null;
}

export function WindowButtons({
  window,
  onWindow,
}: {
  window: DisplayWindow;
  onWindow: (next: DisplayWindow) => void;
}) {
  const { t } = useTranslation("room");
  useHotkey("1", () => onWindow(WINDOW_PRESETS.abdomen));
  useHotkey("2", () => onWindow(WINDOW_PRESETS.liver));
  useHotkey("3", () => onWindow(WINDOW_PRESETS.lung));
  useHotkey("4", () => onWindow(WINDOW_PRESETS.bone));
  return WINDOW_PRESET_NAMES.map((name, index) => (
    <ToolButton
      key={name}
      label={t(`ct.preset.${name}`)}
      keyHint={String(index + 1)}
      pressed={presetOf(window) === name}
      onClick={() => onWindow(WINDOW_PRESETS[name])}
    />
  ));
}

/** The CT with the plan in it, and the scene: what is switched off is off in both. */
export function PlanPictures({ caseId, stored, needle, onNeedle, goal }: PlanPicturesProps) {
  const { t } = useTranslation("plan");
  const { plan } = stored;
  const [window, setWindow] = useState<DisplayWindow>(WINDOW_PRESETS.abdomen);
  const [on, setOn] = useState<ReadonlySet<Layer>>(new Set(ABLATION_LAYERS));
  const grey = useGrey(caseId, stored);
  const labels = useLabels(caseId, stored);
  const target = useTarget(caseId, stored);
  const scene = useScene(caseId, stored);
  const structures = useMemo(() => structuresOf(labels.data?.entries ?? [], plan, on), [labels.data, plan, on]);
  const parts = useMemo(() => sceneOf(scene.data ?? [], plan), [scene.data, plan]);
  const shownTarget = on.has("tumour") ? (target.data ?? null) : null;
  const volumes = useMemo(
    () => (grey.data ? { grey: grey.data, labels: labels.data?.voxels ?? null, target: shownTarget } : null),
    [grey.data, labels.data, shownTarget],
  );
  const problem = Boolean(grey.error ?? labels.error);
  return (
    <section className="plan-pictures" aria-label={t("pictures")}>
      <div className="plan-tools" role="toolbar" aria-label={t("tools")}>
        <WindowButtons window={window} onWindow={setWindow} />
        <LayerButtons
          layers={ABLATION_LAYERS}
          on={on}
          onChange={setOn}
          entries={labels.data?.entries ?? []}
          parts={parts}
        />
      </div>
      <div className="plan-grid">
        {volumes ? (
          <PlanPlanes {...{ plan, volumes, structures, window, needle, onNeedle, goal, on }} />
        ) : (
          <ImageLoading grey={grey} failed={problem} />
        )}
        <PlanScene plan={plan} parts={parts} on={on} needle={needle} failed={scene.error !== null} />
      </div>
    </section>
  );
}
