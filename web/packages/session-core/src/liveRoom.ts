/** One operating room's media, over LiveKit: pictures by layer, voices, data, and how well it all arrives. */
import {
  ConnectionState,
  LogLevel,
  RemoteAudioTrack,
  Room,
  RoomEvent,
  Track,
  VideoQuality,
  type RemoteParticipant,
  type RemoteTrack,
  setLogLevel,
  type RemoteTrackPublication,
} from "livekit-client";
import { decodePacket, encodePacket, type PacketTopic, type RoomPacket } from "./packets";
import { joinLean } from "./leanJoin";
import { Observable } from "./observable";
import { FeedDemand, type Layer } from "./feedDemand";
import { changed, peopleOf, type ConnectionStatus, type LiveFeed, type LiveRoomView } from "./liveRoomView";
import { Publications, type PublishingRoom, type PublishOptions } from "./publications";

export type { ConnectionStatus, LiveFeed, LivePerson, LiveRoomView } from "./liveRoomView";
export type { Layer } from "./feedDemand";
export type { PacketTopic, RoomPacket } from "./packets";

export interface JoinAnswer {
  url: string;
  token: string;
  room: string;
  identity: string;
}

// Its information is not for the user. A level that stands also keeps each of a room's two dozen loggers from
// asking the browser for its cookies, which waits for another process.
setLogLevel(LogLevel.warn);

/** The server's own number: a token of two minutes is fetched anew for each try. */
const REJOIN_DELAYS_MS = [0, 300, 500, 800, 1_000, 1_500];
/** How long LiveKit may mend the old connection before a fresh one is made. */
const MEND_MS = 2_000;

const PUBLISH_OPTIONS: PublishOptions = {
  microphone: { name: "mic", source: Track.Source.Microphone, dtx: true, red: true },
  feed: (feed) => ({
    name: feed,
    source: feed === "room" ? Track.Source.Camera : Track.Source.ScreenShare,
    simulcast: true,
  }),
};

function publishingIn(room: Room): PublishingRoom {
  return {
    connected: () => room.state === ConnectionState.Connected,
    publish: (track, options) => room.localParticipant.publishTrack(track, options),
    unpublish: (track, stop) => room.localParticipant.unpublishTrack(track, stop),
  };
}

/** How long what changes in a room is gathered before the page hears of it. */
const REFRESH_MS = 50;

interface Source {
  publication: RemoteTrackPublication;
  participant: RemoteParticipant;
  feed: string;
  /** `null`: one track with simulcast layers. */
  layer: Layer | null;
}

function sourceOf(publication: RemoteTrackPublication, participant: RemoteParticipant): Source {
  const [feed = "", layer] = publication.trackName.split(".");
  const known = layer === "high" || layer === "low" ? layer : null;
  return { publication, participant, feed, layer: known };
}

export class LiveRoom {
  readonly view = new Observable<LiveRoomView>({ status: "idle", feeds: [], people: [] });
  readonly room: Room;
  readonly demand: FeedDemand;
  /** Plays a voice; the rooms together decide which of an expert's many tracks is heard. */
  onVoices: () => void = () => undefined;
  private readonly packetListeners = new Set<(packet: RoomPacket) => void>();
  private stopped = true;
  private held = false;
  private attempt = 0;
  private refreshing: number | undefined;
  private joining: Promise<void> | null = null;
  private readonly publications: Publications;

  constructor(
    readonly key: string,
    private readonly join: () => Promise<JoinAnswer>,
  ) {
    this.room = new Room({
      adaptiveStream: false,
      dynacast: true,
      disconnectOnPageLeave: true,
      stopLocalTrackOnUnpublish: false,
      // With one connection both ways the page itself offers every track anew, which costs it half a second
      // each; with one a direction the server offers, and thirty rooms are there much sooner.
      singlePeerConnection: false,
      reconnectPolicy: {
        nextRetryDelayInMs: ({ elapsedMs }) => (elapsedMs > MEND_MS ? null : 300),
      },
    });
    joinLean(this.room);
    this.demand = new FeedDemand(
      () => this.select(),
      (element) => this.release(element),
    );
    this.publications = new Publications(publishingIn(this.room), PUBLISH_OPTIONS, () => this.voicesChanged());
    this.listen();
  }

  get identity(): string {
    return this.room.localParticipant.identity;
  }

  /** Whether it is joined, or being joined. */
  get entered(): boolean {
    return !this.stopped;
  }

  /** Join, and stay joined until `leave`. Resolves when the first try has ended. */
  enter(): Promise<void> {
    if (!this.stopped) return this.joining ?? Promise.resolve();
    this.stopped = false;
    return this.connect();
  }

  async leave(): Promise<void> {
    this.stopped = true;
    await this.room.disconnect();
    this.refresh();
  }

  /** Subscribe to nothing for now, while other rooms are being joined. */
  holdPictures(held: boolean): void {
    this.held = held;
    if (!held) this.select();
  }

  /** Show a feed in a video element; returns how to stop. The layer is asked for while shown. */
  attach(feed: string, layer: Layer, element: HTMLVideoElement): () => void {
    return this.demand.add(feed, layer, element);
  }

  /** Make a feed's high layer ready to be shown at once; returns how to stop. */
  prepare(feed: string): () => void {
    return this.demand.prepare(feed);
  }

  onPacket(listener: (packet: RoomPacket) => void): () => void {
    this.packetListeners.add(listener);
    return () => this.packetListeners.delete(listener);
  }

  /** Send a data packet to the room, or to some in it; strokes reliably, the rest as it comes. */
  async sendPacket(topic: PacketTopic, body: unknown, to?: string[]): Promise<void> {
    if (this.room.state !== ConnectionState.Connected) return;
    await this.room.localParticipant.publishData(encodePacket(body), {
      topic,
      reliable: topic === "stroke",
      ...(to ? { destinationIdentities: to } : {}),
    });
  }

  /** Have a microphone ready in this room, muted until `openMicrophone(true)`. Never rejects. */
  setMicrophone(track: MediaStreamTrack | null): Promise<void> {
    return this.publications.setMicrophone(track);
  }

  /** Whether the microphone is open towards this room at this moment. */
  get microphoneOpen(): boolean {
    return this.publications.isOpen;
  }

  openMicrophone(open: boolean): Promise<void> {
    return this.publications.openMicrophone(open);
  }

  /** Publish a feed from this browser (the room's page), in two simulcast layers; null takes it away. */
  publishFeed(feed: string, track: MediaStreamTrack | null): Promise<void> {
    return this.publications.setFeed(feed, track);
  }

  /** The video track that shows a feed's layer, if it is here. */
  trackOf(feed: string, layer: Layer): RemoteTrack | undefined {
    return this.sourceFor(feed, layer)?.publication.track;
  }

  publisherOf(feed: string): string | null {
    return this.sources().find((source) => source.feed === feed)?.participant.identity ?? null;
  }

  /** The voices that are here, by the person who speaks. */
  voices(): { track: RemoteAudioTrack; userId: string; side: string; open: boolean }[] {
    return [...this.room.remoteParticipants.values()].flatMap((participant) =>
      [...participant.audioTrackPublications.values()].flatMap(({ track, isMuted }) =>
        track instanceof RemoteAudioTrack
          ? [
              {
                track,
                userId: participant.attributes.user_id ?? participant.identity,
                side: participant.attributes.side ?? "",
                open: !isMuted,
              },
            ]
          : [],
      ),
    );
  }

  private async connect(): Promise<void> {
    this.setStatus(this.attempt === 0 ? "connecting" : "reconnecting");
    this.joining = this.tryJoin();
    await this.joining;
    this.joining = null;
  }

  private async tryJoin(): Promise<void> {
    try {
      const { url, token } = await this.join();
      if (this.stopped) return;
      this.publications.forget();
      await this.room.connect(url, token, { autoSubscribe: false, maxRetries: 0 });
      this.attempt = 0;
      this.select();
      void this.publications.resume();
    } catch (error) {
      const status = (error as { status?: number }).status;
      if (status === 401 || status === 403 || status === 404) this.setStatus("denied");
      else this.rejoin();
    }
  }

  private rejoin(): void {
    if (this.stopped) return;
    this.setStatus("reconnecting");
    const delay = REJOIN_DELAYS_MS[this.attempt] ?? 2_000;
    this.attempt += 1;
    window.setTimeout(() => {
      if (!this.stopped) void this.connect();
    }, delay);
  }

  private listen(): void {
    const refresh = () => this.refresh();
    const select = () => this.select();
    this.room
      .on(RoomEvent.TrackPublished, select)
      .on(RoomEvent.TrackUnpublished, select)
      .on(RoomEvent.ParticipantConnected, select)
      .on(RoomEvent.ParticipantDisconnected, select)
      .on(RoomEvent.TrackSubscribed, (track) => this.subscribed(track))
      .on(RoomEvent.TrackUnsubscribed, (track: RemoteTrack) => {
        track.detach().forEach((element) => element instanceof HTMLAudioElement && element.remove());
        refresh();
      })
      .on(RoomEvent.TrackMuted, () => this.voicesChanged())
      .on(RoomEvent.TrackUnmuted, () => this.voicesChanged())
      .on(RoomEvent.ActiveSpeakersChanged, refresh)
      .on(RoomEvent.ParticipantAttributesChanged, refresh)
      .on(RoomEvent.ConnectionStateChanged, refresh)
      .on(RoomEvent.Disconnected, () => this.rejoin())
      .on(RoomEvent.DataReceived, (data, participant, _kind, topic) => {
        const packet = decodePacket(data, topic, participant?.identity);
        if (packet) for (const listener of [...this.packetListeners]) listener(packet);
      });
  }

  private subscribed(track: RemoteTrack): void {
    if (track.kind === Track.Kind.Audio) {
      // Played through the page; an element must exist or Chromium does not decode.
      // In the document, so that the browser shows that the page plays sound and keeps the element.
      document.body.append(track.attach());
      this.voicesChanged();
      return;
    }
    this.attachVideos();
    this.refresh();
  }

  private voicesChanged(): void {
    this.onVoices();
    this.refresh();
  }

  private sources(): Source[] {
    return [...this.room.remoteParticipants.values()].flatMap((participant) =>
      [...participant.videoTrackPublications.values()].map((publication) =>
        sourceOf(publication as RemoteTrackPublication, participant),
      ),
    );
  }

  /** The source that shows a layer; a missing layer is stood in for by the one that exists. */
  private sourceFor(feed: string, layer: Layer): Source | undefined {
    const here = this.sources().filter((source) => source.feed === feed);
    return here.find((source) => source.layer === layer) ?? here.find((source) => source.layer === null) ?? here[0];
  }

  /** Subscribe to what is shown, to what is made ready and to every voice, and to nothing else. */
  private select(): void {
    if (this.held) return;
    const wanted = new Set<RemoteTrackPublication>();
    for (const { feed, layer } of this.demand.wanted()) {
      const source = this.sourceFor(feed, layer);
      if (source) wanted.add(source.publication);
    }
    for (const { publication, feed, layer } of this.sources()) {
      const show = wanted.has(publication);
      const ready = this.demand.isPrepared(feed, layer);
      publication.setSubscribed(show || ready);
      // A subscribed track that is disabled is negotiated, and nothing of it is sent.
      if (show || ready) publication.setEnabled(show);
      if (layer === null && wanted.has(publication)) {
        const high = this.demand.wants(feed, "high");
        publication.setVideoQuality(high ? VideoQuality.HIGH : VideoQuality.LOW);
      }
    }
    for (const participant of this.room.remoteParticipants.values()) {
      for (const publication of participant.audioTrackPublications.values()) {
        (publication as RemoteTrackPublication).setSubscribed(true);
      }
    }
    this.attachVideos();
    this.refresh();
  }

  private attachVideos(): void {
    for (const { feed, layer, element } of this.demand.shown()) {
      const track = this.trackOf(feed, layer);
      if (track && !track.attachedElements.includes(element)) track.attach(element);
    }
  }

  /** A track that is attached to a forgotten element goes on to be decoded for it. */
  private release(element: HTMLVideoElement): void {
    for (const { publication } of this.sources()) {
      const { track } = publication;
      if (track?.attachedElements.includes(element)) track.detach(element);
    }
    element.srcObject = null;
  }

  private setStatus(status: ConnectionStatus): void {
    this.view.update((view) => ({ ...view, status }));
  }

  /** Soon: many events come at once while a room is joined, and the page is told once for all of them. */
  private refresh(): void {
    this.refreshing ??= window.setTimeout(() => {
      this.refreshing = undefined;
      this.look();
    }, REFRESH_MS);
  }

  private look(): void {
    const { state } = this.room;
    const { status } = this.view.get();
    const mending = state === ConnectionState.Reconnecting || state === ConnectionState.SignalReconnecting;
    const next = state === ConnectionState.Connected ? "connected" : mending ? "reconnecting" : status;
    const lost = next === "connected" && state !== ConnectionState.Connected;
    const shown = this.stopped ? "idle" : lost ? "reconnecting" : next;
    this.view.update((view) => changed(view, { status: shown, feeds: this.feeds(), people: peopleOf(this.room) }));
  }

  private feeds(): LiveFeed[] {
    const feeds = new Map<string, LiveFeed>();
    for (const { feed, layer, participant } of this.sources()) {
      const layers: Layer[] = layer ? [layer] : ["low", "high"];
      const old = feeds.get(feed);
      feeds.set(feed, {
        feed,
        publisher: old?.publisher ?? participant.identity,
        layers: [...new Set([...(old?.layers ?? []), ...layers])],
      });
    }
    return [...feeds.values()];
  }
}
