import type { SeedPlanDocument } from "@tongtai/api-client";
import { needlePlane, plus, type PointLpsMm, pointLpsMm, sliceStack, times, type Vector3 } from "@tongtai/geometry";
import { PlanePicture, type PlaneVolumes, type ShownDose, type ShownStructure } from "@tongtai/react/plan";
import type { DisplayWindow, Voxels } from "@tongtai/viewer-core/plan";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Layer } from "../layers";
import { needleLine, vectorOf } from "../scene";
import { useCross } from "../useCross";
import { acrossStack, holesOf } from "./acrossPlane";

export const ISODOSE_SHARES = [0.5, 1, 1.5, 2] as const;

/** Seeds that somebody is changing: their dose, the chosen one, and what is pointed at. */
export interface Editing {
  readonly dose: Voxels<Float32Array> | null;
  readonly seed: Vector3 | null;
  readonly onPlace: (at: Vector3) => void;
}

interface SeedPlanesProps {
  readonly plan: SeedPlanDocument;
  readonly volumes: PlaneVolumes;
  readonly structures: readonly ShownStructure[];
  readonly window: DisplayWindow;
  readonly needle: string | undefined;
  readonly onNeedle: (id: string) => void;
  readonly goal: PointLpsMm | null;
  readonly on: ReadonlySet<Layer>;
  readonly dose: ShownDose | undefined;
  readonly editing: Editing | undefined;
}

const TURN_DEG = 5;
const ALONG_NEEDLE = { beyond_mm: 25, half_width_mm: 70, pixel_mm: 0.7 };
const moved = (from: Vector3, step: Vector3, count: number): PointLpsMm =>
  pointLpsMm(...plus(from, times(step, count)));

/** What every plane of the plan shows. */
function useMarks({ plan, on }: SeedPlanesProps) {
  return useMemo(
    () => ({
      needles: on.has("needles") ? plan.needles.map(needleLine) : [],
      seeds: on.has("seeds") ? plan.seeds.map(({ centre_lps_mm }) => vectorOf(centre_lps_mm)) : [],
      holes: on.has("needles") ? holesOf(plan) : [],
    }),
    [plan, on],
  );
}

/** Across the needles, slice by slice, as the operator looks at the template. */
function Across({ props, cross, onCross, onPlace }: PlanesPart) {
  const { t } = useTranslation("plan");
  const { plan, volumes, structures, window, needle, dose } = props;
  const stack = useMemo(() => acrossStack(plan), [plan]);
  const marks = useMarks(props);
  const number = stack?.numberAt(cross) ?? 0;
  const plane = useMemo(() => stack?.plane(number) ?? null, [stack, number]);
  if (!stack || !plane) return <div className="plan-loading plan-loading--one">{t("seeds.noSeeds")}</div>;
  const distance = stack.distance_mm(number).toFixed(1);
  return (
    <PlanePicture
      {...{ volumes, structures, window, dose, plane }}
      testId="plane-across"
      name={t(plan.template ? "seeds.across" : "seeds.acrossFree")}
      technique="seeds"
      needles={[]}
      chosen={needle}
      zones={[]}
      seeds={marks.seeds}
      chosenSeed={props.editing?.seed ?? undefined}
      holes={marks.holes}
      smooth
      position={t(plan.template ? "seeds.fromTemplateMm" : "seeds.fromMiddleMm", { mm: distance })}
      onPoint={onPlace}
      onScroll={(steps) => {
        const wanted = Math.max(0, Math.min(stack.count - 1, number + steps));
        onCross(moved(cross, stack.step, wanted - number));
      }}
    />
  );
}

interface PlanesPart {
  readonly props: SeedPlanesProps;
  readonly cross: PointLpsMm;
  readonly onCross: (at: PointLpsMm) => void;
  /** Pointed at, not scrolled to. */
  readonly onPlace: (at: PointLpsMm) => void;
}

function Axial({ props, cross, onCross, onPlace }: PlanesPart) {
  const { t } = useTranslation("plan");
  const { volumes, structures, window, needle, dose } = props;
  const stack = useMemo(() => sliceStack(volumes.grey, "axial"), [volumes.grey]);
  const marks = useMarks(props);
  const number = stack.numberAt(cross);
  const plane = useMemo(() => stack.plane(number), [stack, number]);
  return (
    <PlanePicture
      {...{ volumes, structures, window, dose, plane, cross }}
      testId="plane-axial"
      name={t("plane.axial")}
      technique="seeds"
      needles={marks.needles}
      chosen={needle}
      zones={[]}
      seeds={marks.seeds}
      chosenSeed={props.editing?.seed ?? undefined}
      position={`${number + 1} / ${stack.count}`}
      onPoint={onPlace}
      onScroll={(steps) => {
        const wanted = Math.max(0, Math.min(stack.count - 1, number + steps));
        onCross(moved(cross, stack.step, wanted - number));
      }}
    />
  );
}

/** The plane that holds a needle, turned about it. */
function Along({ props, cross, onPlace }: PlanesPart) {
  const { t } = useTranslation("plan");
  const { plan, volumes, structures, window, needle, onNeedle, dose } = props;
  const [turn_deg, setTurn] = useState(0);
  const marks = useMarks(props);
  const along = plan.needles.find(({ id }) => id === needle) ?? plan.needles[0];
  const plane = useMemo(
    () => (along ? needlePlane(needleLine(along), turn_deg, ALONG_NEEDLE) : null),
    [along, turn_deg],
  );
  if (!along || !plane) return <div className="plan-loading plan-loading--one">{t("seeds.noSeeds")}</div>;
  return (
    <PlanePicture
      {...{ volumes, structures, window, dose, plane, cross }}
      testId="plane-third"
      name={t("plane.needle", { needle: along.id })}
      technique="seeds"
      needles={marks.needles}
      chosen={along.id}
      zones={[]}
      seeds={marks.seeds}
      chosenSeed={props.editing?.seed ?? undefined}
      smooth
      position={t("plane.turned", { degrees: turn_deg })}
      onPoint={onPlace}
      onScroll={(steps) => {
        if (Math.abs(steps) <= 10) setTurn((((turn_deg + steps * TURN_DEG) % 360) + 360) % 360);
      }}
    >
      <select
        className="plan-third"
        aria-label={t("plane.choose")}
        data-testid="plane-choose"
        value={along.id}
        onChange={({ target }) => onNeedle(target.value)}
      >
        {plan.needles.map(({ id, hole }) => (
          <option key={id} value={id}>
            {t("plane.needle", { needle: hole === "" ? id : `${id} · ${hole}` })}
          </option>
        ))}
      </select>
    </PlanePicture>
  );
}

/** Axial, across the needles, and along one of them; all meet in one point. */
export function SeedPlanes(props: SeedPlanesProps) {
  const [cross, setCross] = useCross(props.plan, props.goal);
  const onCross = (at: PointLpsMm): void => {
    setCross(at);
    props.editing?.onPlace(at);
  };
  const part = { props, cross, onCross: setCross, onPlace: onCross };
  return (
    <>
      <Axial {...part} />
      <Across {...part} />
      <Along {...part} />
    </>
  );
}
