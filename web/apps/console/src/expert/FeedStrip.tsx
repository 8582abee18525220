import type { Feed, LiveFeed } from "@tongtai/session-core";
import { FeedVideo } from "@tongtai/react";
import { KeyHint, StateMark } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

interface FeedStripProps {
  readonly caseId: string;
  readonly feeds: readonly LiveFeed[];
  readonly feed: string | null;
  /** What the gateway says of its sources. */
  readonly states: Readonly<Record<string, Feed>>;
  readonly onChoose: (feed: string) => void;
}

/** All feeds of the room, small, with their keys. */
export function FeedStrip({ caseId, feeds, feed: shown, states, onChoose }: FeedStripProps) {
  const { t } = useTranslation("expert");
  const nameOf = (feed: string): string => t(`feed.${feed}`, { defaultValue: feed });
  const seen = new Set(feeds.map(({ feed }) => feed));
  // A microphone, or a source that never started: there is no picture to write it on.
  const unseen = Object.values(states).filter((state) => isTrouble(state) && !seen.has(state.feed));
  return (
    <div className="feed-strip" role="group" aria-label={t("feeds")}>
      {feeds.map(({ feed }, index) => (
        <button
          key={feed}
          type="button"
          className="feed-strip__feed"
          aria-pressed={feed === shown}
          data-testid={`feed-${feed}`}
          onClick={() => {
            onChoose(feed);
          }}
        >
          <span className="feed-strip__picture">
            <FeedVideo caseId={caseId} feed={feed} layer="low" />
          </span>
          <span className="feed-strip__name">
            {nameOf(feed)}
            {isTrouble(states[feed]) && <StateMark level="warn">{t(`feedState.${states[feed].state}`)}</StateMark>}
            {index < 4 && <KeyHint>{"QWER".charAt(index)}</KeyHint>}
          </span>
        </button>
      ))}
      {unseen.length > 0 && (
        <ul className="feed-strip__unseen">
          {unseen.map(({ feed, state, detail }) => (
            <li key={feed} data-testid={`feed-trouble-${feed}`}>
              <StateMark level="warn" title={detail ?? undefined}>
                {nameOf(feed)}: {t(`feedState.${state}`)}
              </StateMark>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function isTrouble(feed: Feed | undefined): feed is Feed {
  return feed !== undefined && feed.state !== "live" && feed.state !== "off";
}
