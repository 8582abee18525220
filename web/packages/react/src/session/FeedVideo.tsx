import type { Layer } from "@tongtai/session-core";
import { useEffect, useEffectEvent, useImperativeHandle, useRef, useState, type CSSProperties } from "react";

import { useTranslation } from "react-i18next";

import "./feed.css";
import { useRuntime } from "./runtime";

const FILL: CSSProperties = {
  position: "absolute",
  inset: 0,
  width: "100%",
  height: "100%",
  objectFit: "contain",
};

interface FeedVideoProps {
  caseId: string;
  feed: string;
  layer: Layer;
  testId?: string;
  /** The size of the picture in pixels, when it becomes known or changes. */
  onPictureSize?: (size: { width: number; height: number }) => void;
  /** The element that shows the best layer now: a frozen picture is taken from it. */
  videoRef?: (element: HTMLVideoElement | null) => void;
}

/** A feed's picture, whole and never stretched. The low layer shows until the high one's first frame. */
export function FeedVideo({ caseId, feed, layer, testId, onPictureSize, videoRef }: FeedVideoProps) {
  const { t } = useTranslation("expert");
  const [begun, setBegun] = useState<{ readonly key: string; readonly high: boolean } | null>(null);
  const key = `${caseId}/${feed}`;
  const shown = begun?.key === key ? begun : null;
  const highShown = layer === "high" && shown?.high === true;
  return (
    <div className="feed-video" data-begun={shown !== null}>
      {!highShown && (
        <LayerVideo
          key={`${key}.low`}
          {...{ caseId, feed, onPictureSize }}
          layer="low"
          testId={layer === "low" ? testId : undefined}
          onFirstFrame={() => setBegun((before) => (before?.key === key ? before : { key, high: false }))}
        />
      )}
      {layer === "high" && (
        <LayerVideo
          key={`${key}.high`}
          {...{ caseId, feed, onPictureSize, videoRef, testId }}
          layer="high"
          hidden={!highShown}
          onFirstFrame={() => setBegun({ key, high: true })}
        />
      )}
      {shown === null && <span className="feed-video__wait">{t("link.waiting")}</span>}
    </div>
  );
}

interface LayerVideoProps extends FeedVideoProps {
  hidden?: boolean;
  onFirstFrame?: () => void;
}

function LayerVideo(props: LayerVideoProps) {
  const { caseId, feed, layer, hidden, onFirstFrame, onPictureSize, videoRef, testId } = props;
  const { rooms } = useRuntime();
  const own = useRef<HTMLVideoElement>(null);
  useImperativeHandle<HTMLVideoElement | null, HTMLVideoElement | null>(videoRef, () => own.current);
  const firstFrame = useRef(onFirstFrame);
  const tellSize = ({ videoWidth: width, videoHeight: height }: HTMLVideoElement): void => {
    if (width > 0 && !hidden) onPictureSize?.({ width, height });
  };
  const tellSizeNow = useEffectEvent(tellSize);
  useEffect(() => {
    firstFrame.current = onFirstFrame;
  });
  // A layer that is first there knew its size while it was hidden, and nobody would be told of it.
  useEffect(() => {
    if (own.current && !hidden) tellSizeNow(own.current);
  }, [hidden]);
  useEffect(() => {
    const video = own.current;
    if (!video) return;
    const handle = video.requestVideoFrameCallback(() => firstFrame.current?.());
    const detach = rooms.room(caseId).attach(feed, layer, video);
    return () => {
      video.cancelVideoFrameCallback(handle);
      detach();
    };
  }, [rooms, caseId, feed, layer]);
  return (
    <video
      ref={own}
      style={hidden ? { ...FILL, opacity: 0 } : FILL}
      data-testid={testId}
      data-layer={layer}
      onResize={({ currentTarget }) => tellSize(currentTarget)}
      autoPlay
      muted
      playsInline
    />
  );
}
