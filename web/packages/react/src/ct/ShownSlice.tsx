import { useTranslation } from "react-i18next";

import { DrawingSurface, type ShownStroke } from "../drawing";
import { LiveDrawingSurface } from "../session";
import "./ct.css";
import { Overlay } from "./Overlay";
import type { SlicePosition } from "./CtViewer";
import { SlicePicture } from "./SlicePicture";
import { useSeries } from "./useSeries";

export interface ShownSliceProps {
  readonly caseId: string;
  readonly shown: SlicePosition;
  readonly strokes: readonly ShownStroke[];
  /** False where nobody draws any more: a session that is seen again. */
  readonly live?: boolean;
}

/** The slice that an expert shows to the room, in the expert's window, with the experts' drawings on it. */
export function ShownSlice({ caseId, shown, strokes, live = true }: ShownSliceProps) {
  const { t } = useTranslation("room");
  const { slices, loading, error } = useSeries(caseId, shown.study_uid, shown.series_uid, 0);
  const index = slices.findIndex(({ sopUid, frame }) => sopUid === shown.sop_uid && frame === shown.frame);
  const slice = slices[index];
  const surface = {
    kind: "slice",
    series_uid: shown.series_uid,
    sop_uid: shown.sop_uid,
    frame: shown.frame,
  } as const;
  return (
    <div
      className="tt-ct__stage"
      style={{ width: "100%", height: "100%", background: "#000" }}
      data-testid="shown-slice"
    >
      {slice ? (
        <>
          <SlicePicture slice={slice} window={shown.window}>
            {(pictureSize) =>
              live ? (
                <LiveDrawingSurface {...{ caseId, surface, strokes, pictureSize }} />
              ) : (
                <DrawingSurface {...{ surface, strokes, pictureSize }} />
              )
            }
          </SlicePicture>
          <Overlay slice={slice} number={index + 1} total={slices.length} window={shown.window} mmPerPx={null} />
        </>
      ) : (
        <div className="tt-ct__empty" role={error ? "alert" : undefined}>
          {error ? t(`ct.error.${error.code}`) : t(loading ? "ct.loading" : "ct.slice_missing")}
        </div>
      )}
    </div>
  );
}
