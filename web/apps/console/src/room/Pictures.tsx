import type { Size } from "@tongtai/geometry";
import {
  type DrawingHandle,
  FeedVideo,
  LiveDrawingSurface,
  type PublishedFeed,
  type ShownStroke,
  TrackVideo,
  usePassing,
  useRuntime,
} from "@tongtai/react";
import type { Feed } from "@tongtai/session-core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useHotkey } from "../shell/hotkeys";

interface PicturesProps {
  readonly caseId: string;
  /** Feeds of the gateway at the table. */
  readonly remote: readonly string[];
  /** Feeds that this page sends itself. */
  readonly own: readonly PublishedFeed[];
  readonly states: Readonly<Record<string, Feed>>;
  readonly drawing: DrawingHandle;
}

const ORDER = ["ultrasound", "ct", "room", "monitor"];
const rank = (feed: string): number => (ORDER.indexOf(feed) + ORDER.length + 1) % (ORDER.length + 1);

interface DrawnMarkProps {
  readonly caseId: string;
  readonly feed: string;
  readonly strokes: readonly ShownStroke[];
}

/** Says on a picture's tab that an expert draws or points there: it may not be the large one. */
function DrawnMark({ caseId, feed, strokes }: DrawnMarkProps) {
  const { t } = useTranslation("room");
  const passing = usePassing(caseId);
  const drawn = [...passing.strokes, ...strokes].some(
    ({ surface, author_name }) => author_name && surface.kind === "feed" && surface.feed === feed && !surface.frozen,
  );
  if (!drawn && !passing.pointers.some((pointer) => pointer.feed === feed)) return null;
  return <span className="room-tab__drawn">{t("picture.drawn")}</span>;
}

/** One picture large, whole, with the experts' drawings on it; the others by a touch or the key F. */
export function Pictures({ caseId, remote, own, states, drawing }: PicturesProps) {
  const { t } = useTranslation("room");
  const { rooms } = useRuntime();
  const [chosen, setChosen] = useState<string | null>(null);
  const [size, setSize] = useState<{ feed: string; size: Size } | null>(null);
  const feeds = [...new Set([...own.map(({ feed }) => feed), ...remote])].sort((a, b) => rank(a) - rank(b));
  const feed = chosen !== null && feeds.includes(chosen) ? chosen : (feeds[0] ?? null);
  const local = own.find((one) => one.feed === feed);
  const nameOf = (name: string): string => t(`feed.${name}`, { defaultValue: name });
  useEffect(() => (feed && !local ? rooms.probe(caseId).watch(feed, "high") : undefined), [rooms, caseId, feed, local]);
  useHotkey("f", () => {
    if (feed) setChosen(feeds[(feeds.indexOf(feed) + 1) % feeds.length] ?? null);
  });
  const trouble = Object.values(states).filter(({ state }) => state !== "live" && state !== "off");
  return (
    <section className="room-picture" aria-label={t("picture.label")}>
      <div className="room-picture__tabs">
        {feeds.map((name) => (
          <button
            key={name}
            type="button"
            className="room-tab"
            aria-pressed={name === feed}
            onClick={() => setChosen(name)}
          >
            {nameOf(name)}
            <DrawnMark caseId={caseId} feed={name} strokes={drawing.strokes} />
          </button>
        ))}
        {trouble.map(({ feed: name, state }) => (
          <span key={name} className="room-trouble">
            ▲ {nameOf(name)}: {t(`feed_state.${state}`)}
          </span>
        ))}
      </div>
      <div className="room-picture__box">
        {feed === null ? <p className="room-empty">{t("picture.none")}</p> : null}
        {feed !== null && local ? (
          <TrackVideo
            track={local.track}
            label={nameOf(feed)}
            testId={`room-video-${feed}`}
            onPictureSize={(next) => setSize({ feed, size: next })}
          />
        ) : null}
        {feed !== null && !local ? (
          <FeedVideo
            key={feed}
            caseId={caseId}
            feed={feed}
            layer="high"
            testId={`room-video-${feed}`}
            onPictureSize={(next) => setSize({ feed, size: next })}
          />
        ) : null}
        {feed === null ? null : (
          <LiveDrawingSurface
            caseId={caseId}
            surface={{ kind: "feed", feed }}
            strokes={drawing.strokes}
            named={drawing.named}
            pictureSize={size?.feed === feed ? size.size : null}
          />
        )}
      </div>
    </section>
  );
}
