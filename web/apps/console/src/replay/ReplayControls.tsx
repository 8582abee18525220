import type { FeedClips, ReplayEvent } from "@tongtai/api-client";
import { ToolButton } from "@tongtai/ui";
import { Pause, Play, SkipBack, SkipForward, Volume2, VolumeX } from "lucide-react";
import { useTranslation } from "react-i18next";

import { clockOf } from "../expert/eventWords";
import { endOf, type Span } from "./clips";
import { type ReplayClock, SPEEDS } from "./clock";

const SECOND_MS = 1000;
const MINUTE_S = 60;
/** Marks on the bar: what people look for. */
const MARKED: Readonly<Record<string, string>> = {
  "step.marked": "step",
  "advice.given": "advice",
  "mark.added": "mark",
  "needle.punctured": "step",
  "energy.started": "energy",
  "seeds.dropped": "energy",
  "ct.push_finished": "ct",
  "help.called": "stop",
};

function kindOf({ type, payload }: ReplayEvent): string | undefined {
  return type === "advice.given" && payload.level === "stop" ? "stop" : MARKED[type];
}

export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  return `${Math.floor(seconds / MINUTE_S)}:${String(seconds % MINUTE_S).padStart(2, "0")}`;
}

interface BarProps {
  readonly clock: ReplayClock;
  readonly at_ms: number;
  readonly feeds: readonly FeedClips[];
  readonly events: readonly ReplayEvent[];
}

const share = (at_ms: number, { from_ms, until_ms }: Span) =>
  `${((at_ms - from_ms) / Math.max(until_ms - from_ms, 1)) * 100}%`;

/** Where we are, what was recorded when, and where something happened. */
export function TimeBar({ clock, at_ms, feeds, events }: BarProps) {
  const { t } = useTranslation("replay");
  const { t: expert } = useTranslation("expert");
  const { span } = clock;
  return (
    <div className="replay-bar">
      <div className="replay-bar__marks" aria-hidden="true">
        {events.map((event) => {
          const kind = kindOf(event);
          if (kind === undefined || event.t_server_ms < span.from_ms || event.t_server_ms > span.until_ms) return null;
          return (
            <span
              key={event.seq}
              className="replay-bar__mark"
              data-kind={kind}
              style={{ insetInlineStart: share(event.t_server_ms, span) }}
            />
          );
        })}
      </div>
      <input
        type="range"
        className="replay-bar__hand"
        data-testid="replay-seek"
        aria-label={t("seek")}
        aria-valuetext={t("atTime", { at: clockOf(at_ms), elapsed: elapsed(at_ms - span.from_ms) })}
        min={span.from_ms}
        max={span.until_ms}
        step={SECOND_MS / 10}
        value={at_ms}
        onChange={({ target }) => clock.seek(Number(target.value))}
      />
      <div className="replay-bar__rows" aria-hidden="true">
        {feeds.map(({ feed, clips }) => (
          <div key={feed} className="replay-bar__row" title={expert(`feed.${feed}`, { defaultValue: feed })}>
            {clips.map((clip) => (
              <span
                key={clip.recording_id}
                style={{
                  insetInlineStart: share(clip.started_ms, span),
                  inlineSize: `calc(${share(endOf(clip), span)} - ${share(clip.started_ms, span)})`,
                }}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

interface ControlsProps {
  readonly clock: ReplayClock;
  readonly at_ms: number;
  readonly playing: boolean;
  readonly runs: boolean;
  readonly speed: number;
  readonly hasSound: boolean;
  readonly sound: boolean;
  onSound(): void;
  onStep(direction: 1 | -1): void;
}

export function ReplayControls(props: ControlsProps) {
  const { clock, at_ms, playing, runs, speed, hasSound, sound, onSound, onStep } = props;
  const { t } = useTranslation("replay");
  return (
    <div className="replay-controls">
      <ToolButton
        icon={playing ? <Pause size={18} /> : <Play size={18} />}
        label={t(playing ? "pause" : "play")}
        keyHint="␣"
        tone="primary"
        data-testid="replay-play"
        onClick={() => clock.play(!playing)}
      />
      <ToolButton icon={<SkipBack size={18} />} label={t("before")} iconOnly keyHint="," onClick={() => onStep(-1)} />
      <ToolButton icon={<SkipForward size={18} />} label={t("after")} iconOnly keyHint="." onClick={() => onStep(1)} />
      <span className="replay-controls__time" data-testid="replay-time" data-at-ms={Math.round(at_ms)}>
        <strong>{clockOf(at_ms)}</strong>{" "}
        <span className="shell-dim">
          {elapsed(at_ms - clock.span.from_ms)} / {elapsed(clock.span.until_ms - clock.span.from_ms)}
        </span>
        {playing && !runs && <span className="shell-dim"> · {t("waiting")}</span>}
      </span>
      <span className="replay-controls__speeds" role="group" aria-label={t("speed")}>
        {SPEEDS.map((each) => (
          <ToolButton key={each} label={`${each}×`} pressed={each === speed} onClick={() => clock.run(each)} />
        ))}
      </span>
      {hasSound && (
        <ToolButton
          icon={sound ? <Volume2 size={18} /> : <VolumeX size={18} />}
          label={t("sound")}
          keyHint="M"
          pressed={sound}
          onClick={onSound}
        />
      )}
    </div>
  );
}
