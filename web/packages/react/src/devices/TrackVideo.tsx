import type { Size } from "@tongtai/geometry";
import { useEffect, useRef } from "react";

interface TrackVideoProps {
  readonly track: MediaStreamTrack;
  readonly label: string;
  readonly testId?: string;
  readonly onPictureSize?: (size: Size) => void;
}

/** A picture made on this machine, whole and never stretched or mirrored. */
export function TrackVideo({ track, label, testId, onPictureSize }: TrackVideoProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    element.srcObject = new MediaStream([track]);
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  return (
    <video
      ref={video}
      aria-label={label}
      data-testid={testId}
      autoPlay
      muted
      playsInline
      onResize={({ currentTarget: { videoWidth: width, videoHeight: height } }) => {
        if (width > 0) onPictureSize?.({ width, height });
      }}
      style={{ width: "100%", height: "100%", objectFit: "contain", background: "#000" }}
    />
  );
}
