/** What a page sees of a media room: whether it is there, its feeds and who is in it. */
import type { Room } from "livekit-client";

import type { Layer } from "./feedDemand";

export type ConnectionStatus = "idle" | "connecting" | "connected" | "reconnecting" | "denied";

export interface LivePerson {
  identity: string;
  userId: string | null;
  name: string;
  nameEn: string;
  role: string;
  side: "site" | "centre" | null;
  speaking: boolean;
  /** Has a microphone track that is not muted. */
  micOpen: boolean;
}

export interface LiveFeed {
  feed: string;
  publisher: string;
  layers: readonly Layer[];
}

export interface LiveRoomView {
  status: ConnectionStatus;
  feeds: readonly LiveFeed[];
  people: readonly LivePerson[];
}

/** The view that is known already, in whole or in parts, where the new one says the same. */
export function changed(known: LiveRoomView, found: LiveRoomView): LiveRoomView {
  const feeds = same(known.feeds, found.feeds) ? known.feeds : found.feeds;
  const people = same(known.people, found.people) ? known.people : found.people;
  const isKnown = known.status === found.status && known.feeds === feeds && known.people === people;
  return isKnown ? known : { status: found.status, feeds, people };
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Everybody else in the room. */
export function peopleOf(room: Room): LivePerson[] {
  return [...room.remoteParticipants.values()].map((participant) => {
    const { attributes } = participant;
    const side = attributes.side;
    return {
      identity: participant.identity,
      userId: attributes.user_id ?? null,
      name: attributes.name ?? participant.name ?? participant.identity,
      nameEn: attributes.name_en ?? attributes.name ?? participant.identity,
      role: attributes.role ?? "",
      side: side === "site" || side === "centre" ? side : null,
      speaking: participant.isSpeaking,
      micOpen: [...participant.audioTrackPublications.values()].some((mic) => !mic.isMuted),
    };
  });
}
