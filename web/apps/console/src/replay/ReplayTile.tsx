import type { FeedClips } from "@tongtai/api-client";
import type { Size } from "@tongtai/geometry";
import { DrawingSurface, type ShownStroke } from "@tongtai/react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { ClipPlayer } from "./ClipPlayer";
import { clipAfter, clipAt } from "./clips";
import type { ReplayClock } from "./clock";

/** A segment is fetched so long before its turn. */
const AHEAD_MS = 20_000;

interface ReplayTileProps {
  readonly feed: FeedClips;
  readonly clock: ReplayClock;
  readonly at_ms: number;
  readonly speed: number;
  readonly strokes: readonly ShownStroke[];
  readonly keyHint?: string;
  readonly large?: boolean;
  onLarge?(): void;
  /** Something over the picture instead of the drawings. */
  children?(size: Size | null): ReactNode;
}

/** One feed at the clock's time, with what was drawn on it then. */
export function ReplayTile(props: ReplayTileProps) {
  const { feed, clock, at_ms, speed, strokes, keyHint, large = false, onLarge, children } = props;
  const { t } = useTranslation("replay");
  const { t: expert } = useTranslation("expert");
  const [size, setSize] = useState<Size | null>(null);
  const [failed, setFailed] = useState<ReadonlySet<string>>(new Set());
  const shown = clipAt(feed.clips, at_ms);
  // After the segment that is shown: at a seam it has not begun yet, and must not stand here twice.
  const next = clipAfter(feed.clips, shown?.started_ms ?? at_ms);
  const soon = next !== null && next.started_ms - at_ms < AHEAD_MS * Math.max(speed, 1) ? next : null;
  const name = expert(`feed.${feed.feed}`, { defaultValue: feed.feed });
  const isFailed = shown !== null && failed.has(shown.recording_id);
  const fail = (recordingId: string) => setFailed((before) => new Set([...before, recordingId]));
  return (
    <figure className="replay-tile" data-testid={`replay-tile-${feed.feed}`} data-large={large}>
      <figcaption className="replay-tile__head">
        {onLarge ? (
          <button type="button" className="replay-tile__name" aria-pressed={large} onClick={onLarge}>
            {name} {keyHint !== undefined && <kbd className="tt-key">{keyHint}</kbd>}
          </button>
        ) : (
          <span className="replay-tile__name">{name}</span>
        )}
      </figcaption>
      <div className="replay-tile__picture">
        {[shown, soon].map((clip) =>
          clip === null ? null : (
            <ClipPlayer
              key={clip.recording_id}
              clip={clip}
              clock={clock}
              hidden={clip !== shown}
              testId={`replay-video-${feed.feed}`}
              onSize={setSize}
              onFailed={fail}
            />
          ),
        )}
        {shown === null && <p className="replay-tile__gap">{t("gap")}</p>}
        {isFailed && <p className="replay-tile__gap">{t("unplayable")}</p>}
        {children?.(size) ??
          (shown !== null && (
            <DrawingSurface surface={{ kind: "feed", feed: feed.feed }} strokes={strokes} pictureSize={size} />
          ))}
      </div>
    </figure>
  );
}
