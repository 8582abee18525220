import { nextAlarm } from "@tongtai/session-core";
import { ErrorState, ToolButton } from "@tongtai/ui";
import { useNames, useObservable, useRoomOrder, useRuntime, useSecond, useTalk, useWall, Wall } from "@tongtai/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router-dom";

import { useMe } from "../shell/session";
import { ExpertBar } from "./ExpertBar";
import { Focus } from "./Focus";
import { HelpOverlay } from "./HelpOverlay";
import { useKeys } from "./hotkeys";
import { LeadWarning } from "./LeadWarning";
import { WallSummary } from "./WallSummary";

/** Everything an expert has in front of him, and the keys that work everywhere on it. */
export function ExpertDesk() {
  const { t } = useTranslation("expert");
  const { store, rooms } = useRuntime();
  const { caseId: focused = null } = useFocusedCase();
  const { roomOf } = useNames();
  const me = useMe();
  const wall = useWall();
  const order = useRoomOrder(wall.rooms);
  const caseIds = wall.rooms.map(({ caseId }) => caseId);
  const talk = useTalk(caseIds);
  const stream = useObservable(store.stream.status);
  const now_ms = useSecond(store.ports.clock.serverNow);
  const [help, setHelp] = useState(false);
  const focus = useFocus(caseIds);
  useEffect(() => {
    rooms.focus(focused);
  }, [rooms, focused]);
  useDeskKeys({ caseIds, talk, focus, openHelp: () => setHelp(true), next: () => nextAlarm(order.rooms, focused) });
  const roomName = (caseId: string) => {
    const room = wall.rooms.find((candidate) => candidate.caseId === caseId);
    return room ? roomOf(room.snapshot.case) : "";
  };
  const numberOf = (caseId: string) => caseIds.indexOf(caseId) + 1;
  const shared = { order, numberOf, now_ms, onFocus: focus };
  return (
    <div className="desk" data-view={focused ? "focus" : "wall"}>
      <ExpertBar {...{ talk, roomName, stream }} onHelp={() => setHelp(true)}>
        <WallSummary order={order} compact={focused !== null} onWall={() => focus(null)} />
      </ExpertBar>
      <LeadWarning rooms={wall.rooms} userId={me.user.id} />
      {stream === "revoked" && <ErrorState title={t("stream.revoked")} text={t("stream.revokedText")} />}
      {wall.status === "unreachable" && <ErrorState title={t("wall.unreachable")} text={t("wall.unreachableText")} />}
      {focused === null ? <Wall {...shared} /> : <Focus caseId={focused} talk={talk} {...shared} />}
      {help && (
        <HelpOverlay onClose={() => setHelp(false)}>
          <ToolButton label={t("close")} keyHint="Esc" autoFocus onClick={() => setHelp(false)} />
        </HelpOverlay>
      )}
    </div>
  );
}

function useFocusedCase() {
  return useParams<{ caseId: string }>();
}

function useFocus(caseIds: readonly string[]): (caseId: string | null) => void {
  const navigate = useNavigate();
  const known = useRef(caseIds);
  useEffect(() => {
    known.current = caseIds;
  });
  return useCallback(
    (caseId: string | null) => {
      if (caseId === null) void navigate("/wall");
      else if (known.current.includes(caseId)) void navigate(`/wall/${caseId}`);
    },
    [navigate],
  );
}

interface DeskKeys {
  readonly caseIds: readonly string[];
  readonly talk: ReturnType<typeof useTalk>;
  readonly focus: (caseId: string | null) => void;
  readonly openHelp: () => void;
  readonly next: () => string | null;
}

function useDeskKeys({ caseIds, talk, focus, openHelp, next }: DeskKeys): void {
  const rooms = Object.fromEntries(
    caseIds.slice(0, 9).map((caseId, index) => [
      String(index + 1),
      () => {
        focus(caseId);
      },
    ]),
  );
  useKeys(
    {
      ...rooms,
      Space: () => {
        if (talk.microphone === "ready") talk.hold(true);
        else talk.askForMicrophone();
      },
      L: () => {
        if (talk.microphone === "ready") talk.toggleLatch();
      },
      N: () => {
        const caseId = next();
        if (caseId !== null) focus(caseId);
      },
      "0": () => {
        focus(null);
      },
      "?": openHelp,
      // The same key under a Chinese input method.
      "？": openHelp,
    },
    {
      Space: () => {
        talk.hold(false);
      },
    },
  );
}
