import type { Replay } from "@tongtai/api-client";
import { shownStroke } from "@tongtai/react";
import { EmptyState, Panel } from "@tongtai/ui";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useKeys } from "../expert/hotkeys";
import { KeyTable } from "../shell/KeyTable";
import { useTeamName } from "../shell/preferences";
import { ClipPlayer } from "./ClipPlayer";
import { clipAt, inOrder, lastHappened, type Span, spanOf } from "./clips";
import { ReplayClock, SPEEDS } from "./clock";
import { ReplayControls, TimeBar } from "./ReplayControls";
import { ReplayLog } from "./ReplayLog";
import { ReplayTile } from "./ReplayTile";
import { ShownThen } from "./ShownThen";
import { stateAfter } from "./then";
import { useHand } from "./useHand";
import { useClock } from "./useReplay";

const SOUND = "mic";
/** Dozens of them, about the recording and not about the operation. */
const NOT_LISTED: ReadonlySet<string> = new Set(["ct.series_progress", "recording.uploaded"]);

export const KEYS = [
  { keys: ["Space"], act: "play" },
  { keys: ["←", "→"], act: "jump" },
  { keys: [",", "."], act: "events" },
  { keys: ["-", "+"], act: "speed" },
  { keys: ["1", "…", "9"], act: "large" },
  { keys: ["M"], act: "sound" },
  { keys: ["Home", "End"], act: "ends" },
] as const;

/** A session seen again: its pictures side by side, its log beside them, one clock for all. */
export function ReplayDesk({ replay }: { readonly replay: Replay }) {
  const { t } = useTranslation("replay");
  const span = spanOf(replay.feeds);
  if (span === null) return <EmptyState title={t("none")} text={t("noneText")} />;
  return <RunningDesk replay={replay} span={span} />;
}

/** Who drew, in the page's language: the log knows both names of everybody who did something. */
function useActorNames(replay: Replay) {
  const actors = useMemo(
    () => replay.events.map(({ actor }) => ({ display_name: actor.name, display_name_en: actor.name_en })),
    [replay.events],
  );
  return useTeamName(actors);
}

function RunningDesk({ replay, span }: { readonly replay: Replay; readonly span: Span }) {
  const { t } = useTranslation("replay");
  const [clock] = useState(() => new ReplayClock(span));
  const [large, setLarge] = useState<string | null>(null);
  const [sound, setSound] = useState(false);
  const { at_ms, playing, runs, speed } = useClock(clock);
  const feeds = useMemo(() => inOrder(replay.feeds.filter(({ feed }) => feed !== SOUND)), [replay.feeds]);
  const events = useMemo(() => replay.events.filter(({ type }) => !NOT_LISTED.has(type)), [replay.events]);
  const spoken = replay.feeds.find(({ feed }) => feed === SOUND);
  const heard = spoken ? clipAt(spoken.clips, at_ms) : null;
  const happened = lastHappened(replay.events, at_ms) + 1;
  const state = useMemo(() => stateAfter(replay.events, happened, replay.view), [replay, happened]);
  const named = useActorNames(replay);
  const strokes = useMemo(() => state.strokes.map((stroke) => shownStroke(stroke, "", named)), [state.strokes, named]);
  const { step, keys } = useHand(clock, events);
  const faster = (by: 1 | -1) => {
    const next = SPEEDS[SPEEDS.indexOf(speed) + by];
    if (next !== undefined) clock.run(next);
  };
  const choose = (feed: string | undefined) => {
    if (feed !== undefined) setLarge((before) => (before === feed ? null : feed));
  };
  useKeys({
    ...keys,
    "-": () => faster(-1),
    "+": () => faster(1),
    "=": () => faster(1),
    M: () => setSound((on) => !on),
    ...Object.fromEntries(feeds.map(({ feed }, index) => [String(index + 1), () => choose(feed)])),
  });
  return (
    <div className="replay-desk" data-testid="replay" data-view={replay.view} data-playing={playing}>
      <div className="replay-main">
        <div className="replay-tiles" data-count={feeds.length} data-large={large !== null}>
          {feeds.map((feed, index) => (
            <ReplayTile
              key={feed.feed}
              {...{ feed, clock, at_ms, speed, strokes }}
              keyHint={String(index + 1)}
              large={large === feed.feed}
              onLarge={() => choose(feed.feed)}
            />
          ))}
        </div>
        {heard !== null && (
          <ClipPlayer key={heard.recording_id} clip={heard} clock={clock} sound={sound} onFailed={() => undefined} />
        )}
        <TimeBar {...{ clock, at_ms, events }} feeds={replay.feeds} />
        <ReplayControls
          {...{ clock, at_ms, playing, runs, speed, sound }}
          hasSound={spoken !== undefined}
          onSound={() => setSound((on) => !on)}
          onStep={step}
        />
      </div>
      <aside className="replay-side">
        {replay.view === "full" && <ShownThen caseId={replay.case_id} state={state} strokes={strokes} />}
        <Panel title={t("log")} flush className="replay-log-panel">
          <ReplayLog events={events} now={lastHappened(events, at_ms)} clock={clock} />
        </Panel>
        <details className="replay-keys">
          <summary>{t("keysTitle")}</summary>
          <KeyTable rows={KEYS.map(({ keys, act }) => ({ keys, text: t(`keys.${act}`) }))} />
        </details>
      </aside>
    </div>
  );
}
