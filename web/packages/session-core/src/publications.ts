/** What this page sends into one room: a microphone and its own pictures, through every break of the connection. */
import type { LocalTrack, LocalTrackPublication, TrackPublishOptions } from "livekit-client";

/** The part of a media room that publishing needs. */
export interface PublishingRoom {
  connected(): boolean;
  publish(track: MediaStreamTrack, options: TrackPublishOptions): Promise<LocalTrackPublication>;
  unpublish(track: MediaStreamTrack, stop: boolean): Promise<unknown>;
}

/** How LiveKit wants each kind described; given by `LiveRoom`, so that this file stays free of its classes. */
export interface PublishOptions {
  readonly microphone: TrackPublishOptions;
  feed(feed: string): TrackPublishOptions;
}

interface Microphone {
  readonly source: MediaStreamTrack;
  /** A copy per room: muting is per room, and silence in one must not silence another. */
  readonly copy: MediaStreamTrack;
  /** Not its publication: when LiveKit mends a connection it publishes the same track anew, in another one. */
  readonly track: LocalTrack;
}

const TRIES = 3;

/**
 * Brings what is published to what is wanted, one act after the other.
 *
 * LiveKit rejects a publication that is overtaken by another act or by the end of the connection; there is
 * then nothing to repair but to look again at what is wanted, which is what happens here.
 */
export class Publications {
  private wantedMicrophone: MediaStreamTrack | null = null;
  private wantedOpen = false;
  private readonly wantedFeeds = new Map<string, MediaStreamTrack>();
  private microphone: Microphone | null = null;
  private readonly feeds = new Map<string, MediaStreamTrack>();
  private generation = 0;
  private running: Promise<void> | null = null;
  private again = false;

  constructor(
    private readonly room: PublishingRoom,
    private readonly options: PublishOptions,
    private readonly changed: () => void = () => undefined,
  ) {}

  setMicrophone(track: MediaStreamTrack | null): Promise<void> {
    this.wantedMicrophone = track;
    return this.settle();
  }

  /** Whether what is said goes out: published, unmuted and connected. */
  get isOpen(): boolean {
    return this.wantedOpen && this.room.connected() && this.microphone?.track.isMuted === false;
  }

  /** Closing works at once, whatever the network does: nobody may hear a released key. */
  openMicrophone(open: boolean): Promise<void> {
    this.wantedOpen = open;
    if (!open && this.microphone) this.microphone.copy.enabled = false;
    return this.settle();
  }

  setFeed(feed: string, track: MediaStreamTrack | null): Promise<void> {
    if (track) this.wantedFeeds.set(feed, track);
    else this.wantedFeeds.delete(feed);
    return this.settle();
  }

  /** The connection has gone, and with it all that was published. */
  forget(): void {
    this.generation += 1;
    this.microphone?.copy.stop();
    this.microphone = null;
    this.feeds.clear();
    // An act of the old connection may never end; what comes of it is thrown away.
    this.running = null;
  }

  /** The connection is there (again). */
  resume(): Promise<void> {
    return this.settle();
  }

  /** Resolves when what is published is what is wanted, or the connection is away; never rejects. */
  private settle(): Promise<void> {
    this.again = true;
    if (this.running) return this.running;
    const run = this.run(this.generation).finally(() => {
      if (this.running === run) this.running = null;
    });
    this.running = run;
    return run;
  }

  private async run(generation: number): Promise<void> {
    const current = () => generation === this.generation && this.room.connected();
    for (let failures = 0; this.again && failures < TRIES && current();) {
      this.again = false;
      try {
        await this.settleMicrophone();
        await this.settleFeeds();
        failures = 0;
      } catch {
        if (generation !== this.generation) return;
        failures += 1;
        this.again = true;
      }
    }
    this.changed();
  }

  private async settleMicrophone(): Promise<void> {
    const here = this.microphone;
    if (here && here.source !== this.wantedMicrophone) {
      this.microphone = null;
      await this.room.unpublish(here.copy, true);
    }
    if (!this.microphone && this.wantedMicrophone)
      this.microphone = await this.publishMicrophone(this.wantedMicrophone);
    const track = this.microphone?.track;
    if (!track || track.isMuted === !this.wantedOpen) return;
    await (this.wantedOpen ? track.unmute() : track.mute());
    if (track.isMuted !== !this.wantedOpen) this.again = true;
  }

  private async publishMicrophone(source: MediaStreamTrack): Promise<Microphone | null> {
    const { generation } = this;
    const copy = source.clone();
    copy.enabled = this.wantedOpen;
    try {
      const publication = await this.room.publish(copy, this.options.microphone);
      const { track } = publication;
      if (generation === this.generation && track) return { source, copy, track };
      this.again = true;
    } catch (error) {
      copy.stop();
      throw error;
    }
    copy.stop();
    return null;
  }

  private async settleFeeds(): Promise<void> {
    for (const [feed, track] of [...this.feeds]) {
      if (this.wantedFeeds.get(feed) === track) continue;
      this.feeds.delete(feed);
      await this.room.unpublish(track, false);
    }
    for (const [feed, track] of this.wantedFeeds) {
      if (this.feeds.has(feed)) continue;
      const { generation } = this;
      await this.room.publish(track, this.options.feed(feed));
      if (generation === this.generation) this.feeds.set(feed, track);
      else this.again = true;
    }
  }
}
