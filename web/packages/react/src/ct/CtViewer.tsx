import {
  createStackView,
  type CtSlice,
  type DisplayWindow,
  type DragTool,
  isPlaced,
  loadSlicePixels,
  PARALLEL_REQUESTS,
  stacksOf,
  type StackState,
  type StackView,
  ViewerError,
  WINDOW_PRESET_NAMES,
  WINDOW_PRESETS,
} from "@tongtai/viewer-core";
import { ToolButton } from "@tongtai/ui";
import { Contrast, Grid2x2, Layers, Move, RotateCcw, Ruler, ZoomIn } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { LiveDrawingSurface, type LiveDrawingSurfaceProps } from "../session";
import "./ct.css";
import { CrossMark } from "./CrossMark";
import { Overlay } from "./Overlay";
import { Planes } from "./Planes";
import { trueSize } from "./SlicePicture";
import { useSeries } from "./useSeries";
import { useViewportKeys } from "./viewportKeys";

export interface SlicePosition {
  readonly study_uid: string;
  readonly series_uid: string;
  readonly sop_uid: string;
  readonly frame: number;
  readonly window: DisplayWindow;
}

export interface CtViewerProps {
  readonly caseId: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  /** Slices that the server has, from the events of the push; a change fetches the new ones. */
  readonly received?: number;
  readonly expected?: number | null;
  readonly onSlice?: (position: SlicePosition) => void;
  /** Offers "show to the room" with the slice on the screen. */
  readonly onShow?: (position: SlicePosition) => void;
  /** Shows the drawings of the slice on the screen, and draws on it while a tool is chosen. */
  readonly drawing?: Omit<LiveDrawingSurfaceProps, "caseId" | "surface" | "pictureSize">;
}

const DRAG_TOOLS: readonly DragTool[] = ["scroll", "window", "length", "pan", "zoom"];
const DRAG_ICONS: Readonly<Record<DragTool, ReactNode>> = {
  scroll: <Layers size={18} aria-hidden="true" />,
  window: <Contrast size={18} aria-hidden="true" />,
  length: <Ruler size={18} aria-hidden="true" />,
  pan: <Move size={18} aria-hidden="true" />,
  zoom: <ZoomIn size={18} aria-hidden="true" />,
};
function firstWindow(slices: readonly CtSlice[]): DisplayWindow {
  const [slice] = slices;
  if (slice?.modality === "CT") return WINDOW_PRESETS.abdomen;
  return slice?.window ?? { center: 128, width: 256 };
}

/**
 * Loads what has arrived into the cache in the background, so that scrolling never waits; a few at a time, so that
 * a room that the expert has left is not loaded on.
 */
function usePrefetch(slices: readonly CtSlice[]): void {
  useEffect(() => {
    let left = false;
    const waiting = slices.values();
    const load = async (): Promise<void> => {
      for (const slice of waiting) {
        if (left) return;
        // A slice that fails is reported when it is looked at; the others go on.
        await loadSlicePixels(slice, false).catch(() => undefined);
      }
    };
    for (let lane = 0; lane < PARALLEL_REQUESTS; lane += 1) void load();
    return () => {
      left = true;
    };
  }, [slices]);
}

/** A stack of slices: wheel, finger and PageUp/Down scroll, arrows do what the tool does; windows 1–4; length; three planes. */
export function CtViewer(props: CtViewerProps) {
  const { caseId, studyUid, seriesUid, received, expected, onSlice, onShow, drawing } = props;
  const { t } = useTranslation("room");
  const series = useSeries(caseId, studyUid, seriesUid, received);
  const { slices } = series;
  const element = useRef<HTMLDivElement>(null);
  const view = useRef<StackView | null>(null);
  const [state, setState] = useState<StackState | null>(null);
  const [error, setError] = useState<ViewerError | null>(null);
  const [drag, setDrag] = useState<DragTool>("scroll");
  const [planes, setPlanes] = useState(false);
  const [ready, setReady] = useState(false);
  usePrefetch(slices);

  const position = (at: StackState | null): SlicePosition | null => {
    const slice = at ? slices[at.index] : undefined;
    if (!slice || !at) return null;
    return { study_uid: studyUid, series_uid: seriesUid, sop_uid: slice.sopUid, frame: slice.frame, window: at.window };
  };
  const onState = useEffectEvent((next: StackState) => {
    if (next.index !== state?.index) setError(null);
    setState(next);
    const now = position(next);
    if (now) onSlice?.(now);
  });
  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    let stopped = false;
    createStackView(target, { onState, onError: setError }).then(
      (made) => {
        if (stopped) return made.destroy();
        view.current = made;
        setReady(true);
      },
      (cause: unknown) => setError(cause instanceof ViewerError ? cause : new ViewerError("no_webgl", String(cause))),
    );
    const observer = new ResizeObserver(() => view.current?.resize());
    observer.observe(target);
    return () => {
      stopped = true;
      observer.disconnect();
      view.current?.destroy();
      view.current = null;
    };
  }, []);
  const known = useRef("");
  useEffect(() => {
    if (!ready || slices.length === 0) return;
    const fresh = known.current !== seriesUid;
    known.current = seriesUid;
    if (fresh) view.current?.setWindow(firstWindow(slices));
    view.current
      ?.setSlices(slices)
      .catch((cause: unknown) => setError(new ViewerError("decode_failed", String(cause))));
  }, [ready, slices, seriesUid]);

  const current = state ? slices[state.index] : undefined;
  useEffect(() => {
    if (!current) return undefined;
    let looking = true;
    // The slice on the screen is in the cache by now; what is wrong with it must be said, not shown as black.
    loadSlicePixels(current).catch((cause: unknown) => {
      if (looking) setError(cause as ViewerError);
    });
    return () => {
      looking = false;
    };
  }, [current]);

  const { onKeyDown, cross } = useViewportKeys({ view, element, state, drag, colour: current?.colour === true });
  const slice = current;
  const shown = position(state);
  // Three planes go through one acquisition: the one that is looked at.
  const stacks = useMemo(() => stacksOf(slices), [slices]);
  const stack = stacks.find((one) => current !== undefined && one.includes(current)) ?? slices;
  const placed = stack.length > 2 && stack.every(isPlaced);
  const problem = error ?? series.error;
  return (
    <section className="tt-ct" aria-label={t("ct.title")}>
      <div className="tt-ct__bar" role="toolbar" aria-label={t("ct.tools")}>
        {WINDOW_PRESET_NAMES.map((name, index) => (
          <ToolButton
            key={name}
            label={t(`ct.preset.${name}`)}
            keyHint={String(index + 1)}
            disabled={current?.colour}
            onClick={() => view.current?.setWindow(WINDOW_PRESETS[name])}
          />
        ))}
        {DRAG_TOOLS.map((tool) => (
          <ToolButton
            key={tool}
            icon={DRAG_ICONS[tool]}
            iconOnly
            label={t(`ct.drag.${tool}`)}
            data-testid={`ct-drag-${tool}`}
            pressed={drag === tool}
            disabled={tool === "window" && current?.colour}
            onClick={() => {
              setDrag(tool);
              view.current?.setDragTool(tool);
            }}
          />
        ))}
        <ToolButton
          icon={<Grid2x2 size={18} aria-hidden="true" />}
          iconOnly
          label={t("ct.planes")}
          pressed={planes}
          disabled={!placed}
          onClick={() => setPlanes(!planes)}
        />
        <ToolButton
          icon={<RotateCcw size={18} aria-hidden="true" />}
          iconOnly
          label={t("ct.reset")}
          onClick={() => (view.current?.clearMeasurements(), view.current?.resetView())}
        />
        {onShow && shown ? (
          <ToolButton tone="primary" label={t("ct.show")} data-testid="ct-show" onClick={() => onShow(shown)} />
        ) : null}
      </div>
      <div
        className="tt-ct__stage"
        onWheel={({ deltaY, target }) => {
          // Over the sheet of drawings the wheel still turns the slices.
          if (drawing?.tool && !element.current?.contains(target as Node)) {
            view.current?.move(Math.sign(deltaY)).catch(() => undefined);
          }
        }}
      >
        {/* Around the picture, not the picture: Cornerstone keeps every key that its own element hears, Tab too. */}
        <div
          className="tt-ct__viewport"
          data-testid="ct-viewport"
          data-slice={slice?.sopUid}
          tabIndex={0}
          role="img"
          aria-label={t("ct.title")}
          onKeyDown={onKeyDown}
          onContextMenu={(event) => event.preventDefault()}
        >
          <div ref={element} className="tt-ct__picture" />
        </div>
        {drawing && slice && state?.rect && !planes ? (
          <LiveDrawingSurface
            {...drawing}
            caseId={caseId}
            surface={{ kind: "slice", series_uid: seriesUid, sop_uid: slice.sopUid, frame: slice.frame }}
            pictureSize={trueSize(slice)}
            place={state.rect}
          />
        ) : null}
        {cross && !planes ? <CrossMark cross={cross} /> : null}
        {planes && state ? <Planes slices={stack} window={state.window} /> : null}
        {slice && state && !planes ? (
          <Overlay
            slice={slice}
            number={state.index + 1}
            total={slices.length}
            expected={expected}
            window={state.window}
            mmPerPx={state.mmPerPx}
          />
        ) : null}
        {slices.length === 0 && !problem ? (
          <div className="tt-ct__empty">{t(series.loading ? "ct.loading" : "ct.empty")}</div>
        ) : null}
        {problem ? (
          <div className="tt-ct__alert" role="alert">
            {t(`ct.error.${problem.code}`)}
          </div>
        ) : null}
      </div>
    </section>
  );
}
