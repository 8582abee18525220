import { length, projectOnPlane, slicePlane, type Spheroid, type Vector3 } from "@tongtai/geometry";
import { type CtSlice, isPlaced, WINDOW_PRESETS } from "@tongtai/viewer-core";
import { nearestPixels, outlinesOf, type Voxels } from "@tongtai/viewer-core/plan";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { Overlay } from "../ct/Overlay";
import { SlicePicture } from "../ct/SlicePicture";
import { useSeries } from "../ct/useSeries";
import { type NeedleLine, outlinePath } from "./overlay";
import { PlaneOverlay } from "./PlaneOverlay";
import { type ShownStructure, useTargetOutline } from "./usePlanePixels";

export interface PlanSliceProps {
  readonly caseId: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  /** The point that the slice must hold. */
  readonly at: Vector3;
  readonly technique: string;
  readonly needles: readonly NeedleLine[];
  readonly zones: readonly Spheroid[];
  readonly labels: Voxels<Uint8Array> | null;
  readonly target: Voxels<Uint8Array> | null;
  readonly structures: readonly ShownStructure[];
}

const planeOf = (slice: CtSlice) => slicePlane(slice, slice.columns, slice.rows);

/** The slice of the series that is nearest to a point; -1 when none has a place. */
function nearestSlice(slices: readonly CtSlice[], at: Vector3): number {
  const distances = slices.map((slice) =>
    isPlaced(slice) ? Math.abs(projectOnPlane(planeOf(slice), at).off_mm) : Number.POSITIVE_INFINITY,
  );
  const nearest = Math.min(...distances);
  return Number.isFinite(nearest) ? distances.indexOf(nearest) : -1;
}

/** One slice of the patient's CT through the target, with needles, zones and the tumour's outline. */
export function PlanSlice(props: PlanSliceProps) {
  const { caseId, studyUid, seriesUid, at, technique, needles, zones, labels, target, structures } = props;
  const { t } = useTranslation("plan");
  const { slices, loading, error } = useSeries(caseId, studyUid, seriesUid, 0);
  const index = useMemo(() => nearestSlice(slices, at), [slices, at]);
  const slice = slices[index];
  const plane = useMemo(() => (slice ? planeOf(slice) : null), [slice]);
  const outlines = useMemo(() => {
    if (!plane || !labels) return [];
    const found = outlinesOf(
      nearestPixels(labels, plane, 0),
      plane.columns,
      new Set(structures.map((one) => one.value)),
    );
    const pixel_mm = { x: length(plane.stepX), y: length(plane.stepY) };
    return structures.map(({ value, colour, strong }) => ({
      colour,
      strong,
      path: outlinePath(found.get(value) ?? [], pixel_mm),
    }));
  }, [plane, labels, structures]);
  const outline = useTargetOutline(target, plane);
  if (!slice || !plane) {
    return (
      <div className="tt-ct__empty" role={error ? "alert" : undefined}>
        {loading ? t("loading") : t("card.noSlice")}
      </div>
    );
  }
  return (
    <div className="tt-ct__stage tt-plan-slice" data-testid="plan-slice">
      <SlicePicture slice={slice} window={WINDOW_PRESETS.abdomen}>
        {() => <PlaneOverlay {...{ plane, technique, needles, zones, outlines }} target={outline} />}
      </SlicePicture>
      <Overlay slice={slice} number={index + 1} total={slices.length} window={WINDOW_PRESETS.abdomen} mmPerPx={null} />
    </div>
  );
}
