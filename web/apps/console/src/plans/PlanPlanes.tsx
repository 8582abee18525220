import type { PlanDocument } from "@tongtai/api-client";
import { needlePlane, type PlaneName, plus, type PointLpsMm, pointLpsMm, sliceStack, times } from "@tongtai/geometry";
import { PlanePicture, type PlaneVolumes, type ShownStructure } from "@tongtai/react/plan";
import type { DisplayWindow } from "@tongtai/viewer-core/plan";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Layer } from "./layers";
import { needleLine, vectorOf, zonesOf } from "./scene";
import { useCross } from "./useCross";

interface PlanPlanesProps {
  readonly plan: PlanDocument;
  readonly volumes: PlaneVolumes;
  readonly structures: readonly ShownStructure[];
  readonly window: DisplayWindow;
  readonly needle: string | undefined;
  readonly onNeedle: (id: string) => void;
  readonly goal: PointLpsMm | null;
  readonly on: ReadonlySet<Layer>;
}

const TURN_DEG = 5;
const ALONG_NEEDLE = { beyond_mm: 25, half_width_mm: 90, pixel_mm: 0.8 };
const SAGITTAL = "sagittal";

/** Axial, coronal, and sagittal or along a needle; all three meet in one point. */
export function PlanPlanes(props: PlanPlanesProps) {
  const { plan, volumes, structures, window, needle, onNeedle, goal, on } = props;
  const { t } = useTranslation("plan");
  const { grey } = volumes;
  const [cross, setCross] = useCross(plan, goal);
  const [third, setThird] = useState<string>(needle ?? SAGITTAL);
  const [turn_deg, setTurn] = useState(0);
  const stacks = useMemo(
    () => ({
      axial: sliceStack(grey, "axial"),
      coronal: sliceStack(grey, "coronal"),
      sagittal: sliceStack(grey, "sagittal"),
    }),
    [grey],
  );
  const lines = useMemo(() => (on.has("needles") ? plan.needles.map(needleLine) : []), [plan, on]);
  const zones = useMemo(() => (on.has("zone") ? zonesOf(plan) : []), [plan, on]);
  const along = plan.needles.find(({ id }) => id === third);
  const numbers = {
    axial: stacks.axial.numberAt(cross),
    coronal: stacks.coronal.numberAt(cross),
    sagittal: stacks.sagittal.numberAt(cross),
  };
  const axial = useMemo(() => stacks.axial.plane(numbers.axial), [stacks, numbers.axial]);
  const coronal = useMemo(() => stacks.coronal.plane(numbers.coronal), [stacks, numbers.coronal]);
  const other = useMemo(
    () => (along ? needlePlane(needleLine(along), turn_deg, ALONG_NEEDLE) : stacks.sagittal.plane(numbers.sagittal)),
    [along, turn_deg, stacks, numbers.sagittal],
  );
  const scroll = (name: PlaneName, steps: number): void => {
    const stack = stacks[name];
    const wanted = Math.max(0, Math.min(stack.count - 1, numbers[name] + steps));
    setCross(pointLpsMm(...plus(cross, times(stack.step, wanted - numbers[name]))));
  };
  const thin = plan.coverage?.minimum_margin_lps_mm;
  const common = {
    volumes,
    structures,
    window,
    technique: plan.request.technique,
    needles: lines,
    chosen: needle,
    zones,
    cross,
    thinnest: thin ? vectorOf(thin) : undefined,
    onPoint: setCross,
  };
  const numbered = (name: PlaneName): string =>
    t("plane.slice", { number: numbers[name] + 1, total: stacks[name].count });
  const choose = (value: string): void => {
    setThird(value);
    setTurn(0);
    if (value !== SAGITTAL) onNeedle(value);
  };
  return (
    <>
      <PlanePicture
        {...common}
        testId="plane-axial"
        name={t("plane.axial")}
        plane={axial}
        position={numbered("axial")}
        onScroll={(steps) => scroll("axial", steps)}
      />
      <PlanePicture
        {...common}
        testId="plane-coronal"
        name={t("plane.coronal")}
        plane={coronal}
        position={numbered("coronal")}
        onScroll={(steps) => scroll("coronal", steps)}
      />
      <PlanePicture
        {...common}
        testId="plane-third"
        name={along ? t("plane.needle", { needle: along.id }) : t("plane.sagittal")}
        plane={other}
        smooth={along !== undefined}
        position={along ? t("plane.turned", { degrees: turn_deg }) : numbered("sagittal")}
        onScroll={(steps) => (along ? setTurn(turned(turn_deg, steps)) : scroll("sagittal", steps))}
      >
        <select
          className="plan-third"
          aria-label={t("plane.choose")}
          data-testid="plane-choose"
          value={third}
          onChange={({ target }) => choose(target.value)}
        >
          <option value={SAGITTAL}>{t("plane.sagittal")}</option>
          {plan.needles.map(({ id }) => (
            <option key={id} value={id}>
              {t("plane.needle", { needle: id })}
            </option>
          ))}
        </select>
      </PlanePicture>
    </>
  );
}

/** Home and End do not turn: a needle's plane has no last position. */
function turned(turn_deg: number, steps: number): number {
  const change = Math.abs(steps) > 10 ? 0 : steps * TURN_DEG;
  return (((turn_deg + change) % 360) + 360) % 360;
}
