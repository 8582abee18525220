import type { AnyPlanDocument } from "@tongtai/api-client";
import { ScenePicture } from "@tongtai/react/plan";
import type { ScenePart } from "@tongtai/viewer-core/plan";
import { ErrorState } from "@tongtai/ui";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { type Layer, layerOf } from "./layers";
import { needleLine } from "./scene";

interface PlanSceneProps {
  readonly plan: AnyPlanDocument;
  readonly parts: readonly ScenePart[];
  readonly on: ReadonlySet<Layer>;
  /** The needle that is looked along. */
  readonly needle: string | undefined;
  readonly failed: boolean;
}

/** The plan in three dimensions; what is switched off in the planes is off here too. */
export function PlanScene({ plan, parts, on, needle, failed }: PlanSceneProps) {
  const { t } = useTranslation("plan");
  const visible = useMemo(
    () => new Set(parts.map(({ name }) => name).filter((name) => on.has(layerOf(name)))),
    [parts, on],
  );
  const chosen = plan.needles.find(({ id }) => id === needle);
  if (failed) return <ErrorState title={t("scene.failed")} text={t("image.again")} />;
  if (parts.length === 0) return <div className="plan-loading plan-loading--one">{t("loading")}</div>;
  return <ScenePicture parts={parts} visible={visible} needle={chosen && needleLine(chosen)} />;
}
