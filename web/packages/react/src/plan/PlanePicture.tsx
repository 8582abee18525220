import { planeMarks, planeSize, pointOnPlane, type PointLpsMm } from "@tongtai/geometry";
import { type DisplayWindow, scaleBar } from "@tongtai/viewer-core/plan";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";

import "../ct/ct.css";
import { Marks } from "../ct/Marks";
import { useElementSize } from "../drawing/useElementSize";
import "./plan.css";
import { PlaneOverlay, type PlaneOverlayProps } from "./PlaneOverlay";
import { usePlaneGestures } from "./usePlaneGestures";
import { type ShownDose, useIsodoses } from "./useIsodoses";
import { type PlaneVolumes, type ShownStructure, usePlanePixels, useTargetOutline } from "./usePlanePixels";

export interface PlanePictureProps extends Omit<PlaneOverlayProps, "outlines" | "target" | "isodoses"> {
  readonly name: string;
  /** Which slice, or how the plane lies. */
  readonly position: string;
  readonly volumes: PlaneVolumes;
  readonly structures: readonly ShownStructure[];
  readonly window: DisplayWindow;
  /** For planes that the volume's own slices do not have. */
  readonly smooth?: boolean;
  /** A dose, and the levels whose lines are drawn. */
  readonly dose?: ShownDose | undefined;
  readonly onScroll: (steps: number) => void;
  readonly onPoint: (at: PointLpsMm) => void;
  readonly testId: string;
  readonly children?: ReactNode;
}

const LETTER_PX = 15;
const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowLeft: -1,
  ArrowDown: 1,
  ArrowRight: 1,
  PageUp: -10,
  PageDown: 10,
  Home: -100_000,
  End: 100_000,
};

/** One plane through the patient with everything that is planned in it; whole at first, enlarged on demand. */
export function PlanePicture(props: PlanePictureProps) {
  const { name, position, volumes, structures, window, smooth = false, onScroll, onPoint, testId, children } = props;
  const { plane, technique, needles, chosen, zones, cross, thinnest, dose, seeds, chosenSeed, holes } = props;
  const { t } = useTranslation("plan");
  const stage = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const grey = useRef<HTMLCanvasElement>(null);
  const fills = useRef<HTMLCanvasElement>(null);
  const box = useElementSize(stage);
  const size = planeSize(plane);
  const fit = box ? Math.min(box.width / size.width_mm, box.height / size.height_mm) : 0;
  const gestures = usePlaneGestures(stage, picture, {
    onScroll,
    onPoint: (across, down) => onPoint(pointOnPlane(plane, across * size.width_mm, down * size.height_mm)),
  });
  const scale = fit * gestures.zoom;
  const outlines = usePlanePixels({ grey, fills }, volumes, { plane, smooth, window }, structures);
  const target = useTargetOutline(volumes.target, plane);
  const isodoses = useIsodoses(dose, plane);
  const letter_mm = scale > 0 ? LETTER_PX / scale : 0;
  const bar = scale > 0 ? scaleBar(1 / scale, 120) : null;
  const [width, height] = [size.width_mm * scale, size.height_mm * scale];
  const place = box
    ? {
        left: (box.width - width) / 2 + gestures.shift.x,
        top: (box.height - height) / 2 + gestures.shift.y,
        width,
        height,
      }
    : undefined;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = KEY_STEPS[event.key];
    const factor = { "+": 1.25, "=": 1.25, "-": 0.8 }[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (step === undefined && factor === undefined && event.key !== "0") return;
    event.preventDefault();
    if (step !== undefined) onScroll(step);
    else if (factor !== undefined) gestures.zoomBy(factor);
    else gestures.reset();
  };
  return (
    <figure className="tt-plane">
      <div
        ref={stage}
        className="tt-plane__stage"
        data-testid={testId}
        data-position={position}
        role="application"
        aria-roledescription={t("plane.role")}
        aria-label={`${name}, ${position}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        {...gestures.handlers}
      >
        <div className="tt-plane__picture" style={place} ref={picture}>
          <canvas ref={grey} className="tt-plane__canvas" />
          <canvas ref={fills} className="tt-plane__canvas" />
          <PlaneOverlay
            {...{ plane, technique, needles, chosen, zones, cross, thinnest, outlines, target, letter_mm, isodoses }}
            {...(seeds ? { seeds, chosenSeed } : {})}
            {...(holes ? { holes } : {})}
          />
        </div>
        <Marks marks={planeMarks(plane)} />
        {bar ? (
          <div className="tt-ct__scale" style={{ width: bar.lengthPx }}>
            <span>{bar.lengthMm} mm</span>
          </div>
        ) : null}
      </div>
      <figcaption className="tt-plane__caption">
        <strong>{name}</strong>
        <span data-testid={`${testId}-position`}>{position}</span>
        {children}
      </figcaption>
    </figure>
  );
}
