import type { Clip } from "@tongtai/api-client";
import { useEffect, useEffectEvent, useRef } from "react";

import type { ReplayClock } from "./clock";

/** Farther off than this a picture jumps to its place; nearer it is led there by its speed. */
const JUMP_S = 0.15;
const LEAD = 1;
const MOST_LEAD = 0.25;
const STILL_S = 0.01;
const SYNC_MS = 100;
/** Browsers play up to this. */
const FASTEST = 16;
const READY = 3;

interface ClipPlayerProps {
  readonly clip: Clip;
  readonly clock: ReplayClock;
  /** Only fetched, for the time when its turn comes. */
  readonly hidden?: boolean;
  readonly sound?: boolean;
  readonly testId?: string;
  onSize?(size: { width: number; height: number }): void;
  onFailed(recordingId: string): void;
}

function follow(video: HTMLVideoElement, clip: Clip, clock: ReplayClock): void {
  const wanted_s = (clock.at_ms - clip.started_ms) / 1000;
  const off_s = video.currentTime - wanted_s;
  video.dataset.offMs = String(Math.round(off_s * 1000));
  if (!clock.runs) {
    if (!video.paused) video.pause();
    if (Math.abs(off_s) > STILL_S && !video.seeking) video.currentTime = wanted_s;
    return;
  }
  if (Math.abs(off_s) > JUMP_S * Math.max(clock.speed, 1) && !video.seeking) video.currentTime = wanted_s;
  const lead = Math.min(Math.max(-off_s * LEAD, -MOST_LEAD), MOST_LEAD);
  video.playbackRate = Math.min(clock.speed * (1 + lead), FASTEST);
  if (video.paused) void video.play().catch(() => undefined);
}

/** One segment, led by the clock; all wait while it has nothing to show. */
export function ClipPlayer(props: ClipPlayerProps) {
  const { clip, clock, hidden = false, sound = false, testId } = props;
  const video = useRef<HTMLVideoElement>(null);
  const sync = useEffectEvent(() => {
    const element = video.current;
    if (!element || hidden) return;
    clock.wait(clip.recording_id, element.readyState < READY && element.error === null && !element.ended);
    follow(element, clip, clock);
  });
  useEffect(() => {
    if (hidden) return undefined;
    sync();
    const timer = setInterval(() => sync(), SYNC_MS);
    const forget = clock.subscribe(() => sync());
    return () => {
      clearInterval(timer);
      forget();
      clock.wait(clip.recording_id, false);
    };
  }, [clock, clip.recording_id, hidden]);
  return (
    <video
      ref={video}
      className="replay-video"
      data-testid={hidden ? undefined : testId}
      data-hidden={hidden}
      src={clip.url}
      preload="auto"
      muted={!sound}
      playsInline
      onResize={({ currentTarget: { videoWidth: width, videoHeight: height } }) => {
        if (width > 0) props.onSize?.({ width, height });
      }}
      onLoadedMetadata={({ currentTarget: { videoWidth: width, videoHeight: height } }) => {
        if (width > 0) props.onSize?.({ width, height });
      }}
      onError={() => props.onFailed(clip.recording_id)}
    />
  );
}
