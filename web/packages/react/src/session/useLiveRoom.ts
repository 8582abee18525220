import type { ConnectionStatus, LiveFeed, LivePerson, LiveRoom, RoomQuality } from "@tongtai/session-core";
import { useEffect } from "react";

import { useObservable, useRuntime } from "./runtime";

export interface LiveRoomHandle {
  status: ConnectionStatus;
  feeds: readonly LiveFeed[];
  people: readonly LivePerson[];
  quality: RoomQuality;
  /** attach(feed, layer, video), publishFeed, setMicrophone, openMicrophone, sendPacket, onPacket. */
  live: LiveRoom;
}

/** One case's media room: joined while the page lives, kept joined through every failure. */
export function useLiveRoom(caseId: string): LiveRoomHandle {
  const { rooms } = useRuntime();
  const live = rooms.room(caseId);
  const probe = rooms.probe(caseId);
  useEffect(() => {
    if (caseId) void rooms.enter(caseId);
  }, [rooms, caseId]);
  const view = useObservable(live.view);
  const quality = useObservable(probe.quality);
  return { ...view, quality, live };
}
