import {
  waitingSince_ms,
  type ConnectionStatus,
  type LinkCondition,
  type LivePerson,
  type SessionState,
} from "@tongtai/session-core";
import { StateMark } from "@tongtai/ui";
import { Volume2 } from "lucide-react";
import { useEffect, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";

import { FeedVideo } from "../session/FeedVideo";
import { useNames } from "../session/names";
import { useRuntime } from "../session/runtime";
import { useLiveRoom } from "../session/useLiveRoom";
import type { WallRoom } from "../session/useWall";
import { formatElapsed } from "./elapsed";
import { mainFeed } from "./feeds";
import { LinkState } from "./LinkState";

interface RoomTileProps {
  readonly room: WallRoom;
  /** The number of its key; it stays with the room whatever the order. */
  readonly number: number;
  readonly focused?: boolean;
  readonly now_ms: number;
  readonly onFocus: () => void;
  /** Moves the tile by so many places (ordering by hand). */
  readonly onMove?: (by: number) => void;
  readonly onDropTile?: (caseId: string) => void;
}

/** One room at a glance: picture, phase, link, voices, alarms. */
export function RoomTile(props: RoomTileProps) {
  const { room, number, focused = false, onFocus, onMove, onDropTile } = props;
  const { t } = useTranslation("expert");
  const { roomOf } = useNames();
  const { feeds, people, quality, status } = useLiveRoom(room.caseId);
  const feed = mainFeed(feeds);
  useWatched(room.caseId, feed);
  useReadyForFocus(room.caseId, feed);
  const { case: facts, state } = room.snapshot;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!event.altKey || by === undefined || !onMove) return;
    event.preventDefault();
    onMove(by);
  };
  return (
    <button
      type="button"
      className="room-tile"
      data-testid={`tile-${facts.number}`}
      data-urgency={room.urgency}
      data-focused={focused}
      aria-current={focused}
      aria-label={`${roomOf(facts)}, ${t(`technique.${facts.technique}`)}, ${t(`urgency.${room.urgency}`)}`}
      onClick={onFocus}
      onKeyDown={onKeyDown}
      draggable={onDropTile !== undefined}
      onDragStart={(event) => {
        event.dataTransfer.setData("text/plain", room.caseId);
      }}
      onDragOver={(event) => {
        if (onDropTile) event.preventDefault();
      }}
      onDrop={(event) => {
        onDropTile?.(event.dataTransfer.getData("text/plain"));
      }}
    >
      <span className="room-tile__head">
        <kbd>{number}</kbd>
        <strong>{roomOf(facts)}</strong>
        <span className="technique" data-technique={facts.technique}>
          {t(`technique.${facts.technique}`)}
        </span>
        <TilePhase room={room} now_ms={props.now_ms} />
      </span>
      <span className="room-tile__picture">
        {feed !== null && <FeedVideo caseId={room.caseId} feed={feed} layer="low" />}
        <PictureState
          {...{ room, status }}
          hasFeed={feed !== null}
          condition={quality.condition}
          now_ms={props.now_ms}
        />
      </span>
      <span className="room-tile__foot">
        <LinkState quality={quality} status={status} coming={feeds.length > 0} testId={`link-${facts.number}`} />
        <Speaking people={people} />
        <Alarms state={state} />
      </span>
      <span className="room-tile__case">
        {facts.number} · {facts.lesion}
      </span>
    </button>
  );
}

function useWatched(caseId: string, feed: string | null): void {
  const { rooms } = useRuntime();
  useEffect(() => (feed === null ? undefined : rooms.probe(caseId).watch(feed, "low")), [rooms, caseId, feed]);
}

function useReadyForFocus(caseId: string, feed: string | null): void {
  const { rooms } = useRuntime();
  useEffect(() => (feed === null ? undefined : rooms.prepare(caseId, feed)), [rooms, caseId, feed]);
}

function TilePhase({ room, now_ms }: { readonly room: WallRoom; readonly now_ms: number }) {
  const { t } = useTranslation("expert");
  const { state } = room.snapshot;
  const waiting = waitingSince_ms(state);
  if (room.urgency === "stop") return <StateMark level="bad">{t("phase.stop")}</StateMark>;
  if (waiting !== null) {
    return (
      <StateMark level="warn">
        {t("phase.waiting")} {formatElapsed(now_ms - waiting)}
      </StateMark>
    );
  }
  if (state.phase !== "open" || state.step === null) return <span className="dim">{t(`phase.${state.phase}`)}</span>;
  const elapsed = formatElapsed(now_ms - (state.step_since_ms ?? now_ms));
  const text = `${t(`step.${state.step}`)} ${elapsed}`;
  return room.urgency === "critical" ? <StateMark level="bad">{text}</StateMark> : <span className="dim">{text}</span>;
}

interface PictureStateProps {
  readonly room: WallRoom;
  readonly status: ConnectionStatus;
  readonly hasFeed: boolean;
  readonly condition: LinkCondition;
  readonly now_ms: number;
}

/** What is written over a picture that is not there. */
function PictureState({ room, status, hasFeed, condition, now_ms }: PictureStateProps) {
  const { t } = useTranslation("expert");
  const { media } = room.snapshot.state;
  if (status === "reconnecting") return <span className="room-tile__lost">{t("connection.reconnecting")}</span>;
  if (condition.state === "lost") {
    const since = media.state === "lost" && media.since_ms !== null ? formatElapsed(now_ms - media.since_ms) : "";
    return <span className="room-tile__lost">{t("link.lostLocal", { since })}</span>;
  }
  if (hasFeed) return null;
  const joining = status !== "connected" && status !== "denied";
  return <span className="room-tile__none">{t(joining ? "connection.connecting" : "link.noFeed")}</span>;
}

function Speaking({ people }: { readonly people: readonly LivePerson[] }) {
  const { t } = useTranslation("expert");
  const { nameOf } = useNames();
  const speaker = people.find((person) => person.speaking);
  if (!speaker) return null;
  return (
    <span className="room-tile__speaking">
      <Volume2 size={16} aria-hidden="true" />
      {nameOf({ name: speaker.name, name_en: speaker.nameEn })} {t("speaking")}
    </span>
  );
}

function Alarms({ state }: { readonly state: SessionState }) {
  const { t } = useTranslation("expert");
  const [worst] = [...state.alarms].sort((a, b) => Number(b.severity === "red") - Number(a.severity === "red"));
  if (!worst) return null;
  const text = t(`alarm.${worst.code}`, { defaultValue: worst.code });
  return (
    <span data-testid="tile-alarm">
      <StateMark level={worst.severity === "red" ? "bad" : "warn"}>
        {text}
        {state.alarms.length > 1 && ` +${state.alarms.length - 1}`}
      </StateMark>
    </span>
  );
}
