import type { LocalTrackPublication } from "livekit-client";
import { describe, expect, it } from "vitest";

import { Publications, type PublishingRoom } from "./publications";

class FakeTrack {
  enabled = true;
  stopped = false;
  readonly copies: FakeTrack[] = [];

  constructor(readonly name: string) {}

  clone(): FakeTrack {
    const copy = new FakeTrack(`${this.name}'`);
    this.copies.push(copy);
    return copy;
  }

  stop(): void {
    this.stopped = true;
  }
}

const media = (track: FakeTrack) => track as unknown as MediaStreamTrack;

/** A room that publishes when it is let, and rejects what is overtaken, as LiveKit does. */
class FakeRoom implements PublishingRoom {
  up = true;
  readonly log: string[] = [];
  published: { track: object | undefined } = { track: undefined };
  private pending: { reject: (error: Error) => void; resolve: () => void }[] = [];

  connected(): boolean {
    return this.up;
  }

  publish(track: MediaStreamTrack): Promise<LocalTrackPublication> {
    const source = track as unknown as FakeTrack;
    return new Promise((resolve, reject) => {
      const publication = {
        isMuted: !source.enabled,
        mute: () => this.turn(publication, source, true),
        unmute: () => this.turn(publication, source, false),
      };
      this.pending.push({
        reject,
        resolve: () => {
          this.log.push(`publish ${source.name}`);
          this.published = { track: publication };
          resolve(this.published as unknown as LocalTrackPublication);
        },
      });
    });
  }

  unpublish(track: MediaStreamTrack): Promise<void> {
    this.log.push(`unpublish ${(track as unknown as FakeTrack).name}`);
    return Promise.resolve();
  }

  /** Let the server answer. */
  async answer(): Promise<void> {
    for (let turn = 0; turn < 10; turn += 1) {
      this.pending.splice(0).forEach(({ resolve }) => resolve());
      await Promise.resolve();
      await new Promise((done) => setImmediate(done));
    }
  }

  breakConnection(): void {
    this.up = false;
    this.pending.splice(0).forEach(({ reject }) => reject(new Error("Cancelled publication by calling unpublish")));
  }

  private turn(publication: { isMuted: boolean }, source: FakeTrack, muted: boolean): Promise<void> {
    publication.isMuted = muted;
    source.enabled = !muted;
    this.log.push(`${muted ? "mute" : "unmute"} ${source.name}`);
    return Promise.resolve();
  }
}

const options = { microphone: {}, feed: () => ({}) };

describe("what a page publishes", () => {
  it("is published once, however often it is asked for while that goes on", async () => {
    const room = new FakeRoom();
    const publications = new Publications(room, options);
    const mic = new FakeTrack("mic");
    const asked = [
      publications.setMicrophone(media(mic)),
      publications.setMicrophone(media(mic)),
      publications.resume(),
    ];
    await room.answer();
    await Promise.all(asked);
    await publications.setMicrophone(media(mic));
    expect(room.log).toEqual(["publish mic'"]);
  });

  it("never rejects when the connection breaks meanwhile, and is there again after the next one", async () => {
    const room = new FakeRoom();
    const publications = new Publications(room, options);
    const mic = new FakeTrack("mic");
    const asked = Promise.all([
      publications.setMicrophone(media(mic)),
      publications.setFeed("room", media(new FakeTrack("camera"))),
    ]);
    room.breakConnection();
    await expect(asked).resolves.toBeDefined();
    expect(mic.copies.map(({ stopped }) => stopped)).toEqual([true]);
    publications.forget();
    room.up = true;
    const back = publications.resume();
    await room.answer();
    await back;
    expect(room.log).toEqual(["publish mic'", "publish camera"]);
  });

  it("closes the microphone at once, even while the network does not answer", async () => {
    const room = new FakeRoom();
    const publications = new Publications(room, options);
    const mic = new FakeTrack("mic");
    const ready = publications.setMicrophone(media(mic));
    await room.answer();
    await ready;
    await publications.openMicrophone(true);
    expect(mic.copies[0]?.enabled).toBe(true);
    void publications.setFeed("room", media(new FakeTrack("camera")));
    void publications.openMicrophone(false);
    expect(mic.copies[0]?.enabled).toBe(false);
    await room.answer();
    expect(room.log).toEqual(["publish mic'", "unmute mic'", "publish camera", "mute mic'"]);
  });

  it("opens a microphone that LiveKit has published anew after mending the connection", async () => {
    const room = new FakeRoom();
    const publications = new Publications(room, options);
    const ready = publications.setMicrophone(media(new FakeTrack("mic")));
    await room.answer();
    await ready;
    // The track is in another publication now.
    room.published.track = undefined;
    await publications.openMicrophone(true);
    expect(room.log).toEqual(["publish mic'", "unmute mic'"]);
    expect(publications.isOpen).toBe(true);
    room.breakConnection();
    expect(publications.isOpen).toBe(false);
  });

  it("replaces a microphone and takes a picture away", async () => {
    const room = new FakeRoom();
    const publications = new Publications(room, options);
    void publications.setMicrophone(media(new FakeTrack("old")));
    void publications.setFeed("room", media(new FakeTrack("camera")));
    await room.answer();
    void publications.setMicrophone(media(new FakeTrack("new")));
    void publications.setFeed("room", null);
    await room.answer();
    expect(room.log.slice(2)).toEqual(["unpublish old'", "publish new'", "unpublish camera"]);
  });
});
