import {
  ExpertsPanel,
  orderedFeeds,
  type RoomOrder,
  RoomTile,
  TalkBar,
  type TalkHandle,
  useLiveRoom,
  useNames,
  useSession,
} from "@tongtai/react";
import { EmptyState } from "@tongtai/ui";
import { useDeferredValue, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMe } from "../shell/session";
import { AdviceBox, useGiveAdvice } from "./AdviceBox";
import { FeedStrip } from "./FeedStrip";
import { FocusPicture } from "./FocusPicture";
import { HandoverButton } from "./Handover";
import { useKeys } from "./hotkeys";
import { MarkButton } from "./MarkButton";
import { RoomBanners } from "./RoomBanners";
import { useRoomGuard } from "./roomGuard";
import { SideTabs } from "./SideTabs";
import { StopButton } from "./StopButton";
import { Timeline } from "./Timeline";

interface FocusProps {
  readonly caseId: string;
  readonly talk: TalkHandle;
  readonly order: RoomOrder;
  readonly numberOf: (caseId: string) => number;
  readonly now_ms: number;
  readonly onFocus: (caseId: string | null) => void;
}

/** One room large, the others beside it. */
export function Focus(props: FocusProps) {
  const { caseId, order } = props;
  const { t } = useTranslation("expert");
  const session = useSession(caseId, { timeline: true });
  const { snapshot, status } = session;
  if (status === "not_found" || status === "forbidden") {
    return <EmptyState title={t("focus.notFound")} text={t("focus.notFoundText")} />;
  }
  return (
    <div className="focus" data-urgency={order.rooms.find((room) => room.caseId === caseId)?.urgency}>
      <RoomsColumn {...props} />
      {snapshot ? <FocusRoom key={caseId} {...props} /> : <p className="focus__wait">{t("loading")}</p>}
    </div>
  );
}

function RoomsColumn({ caseId, order, numberOf, now_ms, onFocus }: FocusProps) {
  const { t } = useTranslation("expert");
  return (
    <aside className="focus__rooms" aria-label={t("focus.rooms")}>
      <h2>{t(order.mode === "urgency" ? "focus.roomsByUrgency" : "focus.rooms")}</h2>
      <div className="focus__tiles">
        {order.rooms.map((room) => (
          <RoomTile
            key={room.caseId}
            {...{ room, now_ms }}
            number={numberOf(room.caseId)}
            focused={room.caseId === caseId}
            onFocus={() => {
              onFocus(room.caseId);
            }}
          />
        ))}
      </div>
      <ExpertsPanel />
    </aside>
  );
}

/** Which feed is large: the one that was chosen, while it is there. */
function useFeedChoice(caseId: string) {
  const { feeds: all } = useLiveRoom(caseId);
  const [chosen, setChosen] = useState<string | null>(null);
  const feeds = orderedFeeds(all);
  const feed = feeds.find((candidate) => candidate.feed === chosen)?.feed ?? feeds[0]?.feed ?? null;
  const acts = ["Q", "W", "E", "R"].map((key, index) => [
    key,
    () => {
      setChosen(feeds[index]?.feed ?? feed);
    },
  ]);
  useKeys(Object.fromEntries(acts));
  return { feeds, feed, choose: setChosen };
}

function FocusRoom({ caseId, talk, order, now_ms }: FocusProps) {
  const { t } = useTranslation("expert");
  const { roomOf } = useNames();
  const me = useMe();
  const session = useSession(caseId);
  const { feeds, feed, choose } = useFeedChoice(caseId);
  const rooms = order.rooms.map(({ caseId: id, snapshot }) => ({ caseId: id, name: roomOf(snapshot.case) }));
  const guard = useRoomGuard(caseId);
  const give = useGiveAdvice(session, guard, feed);
  const advice = useRef<HTMLInputElement>(null);
  // The picture first: CT and timeline of a room are built while it already moves.
  const besides = useDeferredValue(true, false);
  const { snapshot } = session;
  const may = (permission: string) => snapshot?.case.permissions.includes(permission) ?? false;
  const open = snapshot?.state.phase === "open";
  const stop = () => {
    if (open && may("session_stop")) give("stop", t("stop.text"));
  };
  useKeys({ "⇧S": stop, A: () => advice.current?.focus() });
  if (!snapshot) return null;
  const room = roomOf(snapshot.case);
  return (
    <>
      <section className="focus__main" aria-label={room}>
        <RoomBanners session={session} userId={me.user.id} may={may} />
        <FocusPicture key={`${caseId}/${feed ?? ""}`} session={session} caseId={caseId} feed={feed} may={may} />
        <FeedStrip {...{ caseId, feeds, feed }} states={snapshot.state.feeds} onChoose={choose} />
        <div className="focus__bottom">
          <TalkBar talk={talk} rooms={rooms} />
          <div className="focus__acts">
            <MarkButton session={session} allowed={open && may("session_mark")} />
            <HandoverButton session={session} allowed={open && may("session_handover")} />
            <StopButton room={room} disabled={!open || !may("session_stop")} onStop={stop} />
          </div>
        </div>
      </section>
      <aside className="focus__side">
        {besides && <SideTabs session={session} snapshot={snapshot} caseId={caseId} />}
        <Timeline events={session.timeline} />
        <AdviceBox {...{ session, guard, feed, now_ms }} input={advice} allowed={open && may("session_advise")} />
      </aside>
    </>
  );
}
