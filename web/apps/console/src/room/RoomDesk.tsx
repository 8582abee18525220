import {
  type DeviceProblem,
  DeviceProblemNote,
  type SessionHandle,
  useDrawing,
  useLiveRoom,
  usePublisher,
  useSession,
} from "@tongtai/react";
import type { SessionSnapshot } from "@tongtai/session-core";
import { ToolButton } from "@tongtai/ui";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { usePersonName, useTeamName } from "../shell/preferences";
import { useMe } from "../shell/session";
import { adviceView } from "./advice";
import { AdviceCard } from "./AdviceCard";
import { linkWords } from "./link";
import type { WaitingCommand } from "./outbox";
import { Pictures } from "./Pictures";
import { RoomActions } from "./RoomActions";
import { RoomBar } from "./RoomBar";
import { ShownPanel } from "./ShownPanel";
import { allowSound } from "./sound";
import { StartPanel } from "./StartPanel";
import { StepBar } from "./StepBar";
import { StopScreen } from "./StopScreen";
import { useOutbox } from "./useOutbox";
import { usePong } from "./usePong";

interface RoomDeskProps {
  readonly caseId: string;
  readonly snapshot: SessionSnapshot;
  readonly session: SessionHandle;
}

/** A tablet at the table must not fall asleep; where the browser cannot promise that, nothing is lost. */
function useWakefulness(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    const ask = (): void => {
      if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
      navigator.wakeLock.request("screen").then(
        (granted) => (lock = granted),
        () => undefined,
      );
    };
    ask();
    const touched = (): void => void allowSound().catch(() => undefined);
    document.addEventListener("visibilitychange", ask);
    document.addEventListener("pointerdown", touched, { once: true });
    document.addEventListener("keydown", touched, { once: true });
    return () => {
      document.removeEventListener("visibilitychange", ask);
      void lock?.release();
    };
  }, []);
}

interface NoticesProps {
  readonly lost: boolean;
  readonly waiting: readonly WaitingCommand[];
  readonly refused: string | null;
  /** Of a device that was asked for while the panel that chooses devices is away. */
  readonly device: DeviceProblem | null;
  readonly paused: boolean;
  readonly onResume: (() => void) | null;
}

/** What is out of order, in words, with what still works. */
function Notices({ lost, waiting, refused, device, paused, onResume }: NoticesProps) {
  const { t } = useTranslation("room");
  return (
    <div className="room-notices">
      {lost ? (
        <p className="room-lost" role="alert" data-testid="room-lost">
          <strong>{t("lost.title")}</strong> {t("lost.works")}
        </p>
      ) : null}
      {waiting.length > 0 ? (
        <p className="room-waiting" role="status" data-testid="room-waiting">
          {t("lost.waiting", { count: waiting.length })}
        </p>
      ) : null}
      {refused ? (
        <p className="room-alert" role="alert">
          {refused === "workflow_forbids" ? t("refused_workflow") : t("refused", { code: refused })}
        </p>
      ) : null}
      {device ? <DeviceProblemNote problem={device} /> : null}
      {paused ? (
        <p className="room-paused" role="status">
          <strong>{t("stop.is_paused")}</strong>
          {onResume ? (
            <ToolButton
              size="room"
              tone="primary"
              label={t("stop.resume")}
              data-testid="session-resume"
              onClick={onResume}
            />
          ) : null}
        </p>
      ) : null}
    </div>
  );
}

export function RoomDesk({ caseId, snapshot, session }: RoomDeskProps) {
  const { t } = useTranslation("room");
  const me = useMe();
  const { case: facts, state } = snapshot;
  const room = useLiveRoom(caseId);
  const publisher = usePublisher(room.live);
  const outbox = useOutbox(caseId, state.seq);
  const author = { id: me.user.id, name: usePersonName()(me.user) };
  const drawing = useDrawing(caseId, author, useTeamName(facts.team));
  const [setup, setSetup] = useState<boolean | null>(null);
  usePong(room.live);
  useWakefulness();
  const may = (permission: (typeof me.permissions)[number]): boolean => me.permissions.includes(permission);
  const experts = room.people.filter(({ side }) => side === "centre");
  const link = linkWords({ stream: session.stream, media: room.status, arrives: state.media, experts: experts.length });
  const advice = adviceView(state.advice, outbox.unseen);
  const open = state.phase === "open";
  // Until somebody chose: prepare first, and make room for the experts as soon as the procedure runs.
  const running = state.steps.length + state.advice.length > 0 || state.shown_ct !== null;
  const preparing = !open || (setup ?? !running);
  const resume = may("session_answer") ? () => outbox.add("session.resumed") : null;
  return (
    <div className="room" data-lost={link.code === "lost"} data-phase={state.phase} data-seq={state.seq}>
      <RoomBar
        facts={facts}
        link={link}
        experts={experts}
        serverNow={session.serverNow}
        onSetup={() => setSetup(!preparing)}
      />
      <Notices
        lost={link.code === "lost"}
        waiting={outbox.waiting}
        refused={outbox.refused}
        device={preparing ? null : publisher.problem}
        paused={state.paused}
        onResume={resume}
      />
      <div className="room-grid">
        <div className="room-main">
          <Pictures
            caseId={caseId}
            remote={room.feeds.map(({ feed }) => feed)}
            own={publisher.feeds}
            states={state.feeds}
            drawing={drawing}
          />
          <StepBar
            technique={facts.technique}
            marks={state.steps}
            waiting={outbox.unseen}
            enabled={open && may("session_step")}
            serverNow={session.serverNow}
            onStep={(step) => outbox.add("step.marked", { step })}
          />
        </div>
        <aside className="room-side">
          {open ? <AdviceCard view={advice} enabled={may("session_answer")} onCommand={outbox.add} /> : null}
          {preparing ? (
            <StartPanel
              publisher={publisher}
              connected={room.status === "connected"}
              pictureDelay_ms={room.quality.measurement.delay_ms}
              phase={state.phase}
              mayLead={may("session_step")}
              onOpen={() => outbox.add("session.opened")}
              onEnd={() => outbox.add("session.closed", { reason: t("actions.close_reason") })}
              onDone={() => setSetup(false)}
            />
          ) : (
            <ShownPanel
              caseId={caseId}
              state={state}
              strokes={drawing.strokes}
              named={drawing.named}
              mayReadPlan={facts.permissions.includes("plan_read")}
            />
          )}
          <RoomActions
            publisher={publisher}
            help={state.help}
            canHelp={open && may("session_help")}
            onHelp={() => outbox.add("help.called")}
          />
        </aside>
      </div>
      {open && advice.stop ? (
        <StopScreen
          key={advice.stop.advice_id}
          advice={advice.stop}
          enabled={may("session_answer")}
          onCommand={outbox.add}
        />
      ) : null}
    </div>
  );
}

/** Loads the session and says clearly why it cannot be shown. */
export function RoomSession({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation("room");
  const session = useSession(caseId);
  if (session.snapshot) return <RoomDesk caseId={caseId} snapshot={session.snapshot} session={session} />;
  return (
    <p className="room-empty" role={session.status === "loading" ? "status" : "alert"}>
      {t(`status.${session.status}`)}
    </p>
  );
}
