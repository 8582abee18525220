/** All media rooms of one page: joined a few at a time, one focused, one microphone for many. */
import { reportDue, reportOf, type MediaReport } from "./condition";
import { Joins } from "./joins";
import { LiveRoom, type JoinAnswer } from "./liveRoom";
import { Observable } from "./observable";
import { RoomProbe } from "./probe";
import { StallMeter } from "./stall";
import type { SessionStore } from "./store";
import { openMicrophones, QUIET, talkAfterSwitch, talkRoute, type TalkState } from "./talk";
import { Tickets } from "./tickets";
import type { MediaCondition } from "./types";

/** Each room that is made ready for the focus costs its connection one more track; thirty would cost the join. */
const ROOMS_MADE_READY = 6;
const MEASURE_EVERY_MS = 1_000;
/** So many rooms a second begin to be pinged once all are joined: each costs the page a handshake. */
const PINGS_BEGUN = 4;
/** A microphone that is not open after so long is said not to be. */
const OPEN_WITHIN_MS = 400;
const LOOKS_DONE_MS = 150;
/** A report on its way for so long is given up. */
const REPORT_LIMIT_MS = 5_000;
const FOCUSED_VOLUME = 1;
const OTHER_VOLUME = 0.3;

export type MicrophoneState = "off" | "asking" | "ready" | "denied";

interface Entry {
  live: LiveRoom;
  probe: RoomProbe;
  reported: { at_ms: number; state: MediaCondition } | null;
}

export class LiveRooms {
  readonly talk = new Observable<TalkState>(QUIET);
  readonly focused = new Observable<string | null>(null);
  readonly microphone = new Observable<MicrophoneState>("off");
  readonly experts = new Observable<LiveRoom | null>(null);
  /** Whom the expert speaks to without being heard there: cases, or `experts`. */
  readonly unheard = new Observable<readonly string[]>([]);
  private readonly entries = new Map<string, Entry>();
  private readonly tickets: Tickets;
  private readonly joins = new Joins();
  private track: MediaStreamTrack | null = null;
  private timer: number | null = null;
  private stall: StallMeter | null = null;
  private lookFrom_ms = 0;
  private reporting = false;
  private sending = false;

  constructor(private readonly store: SessionStore) {
    this.tickets = new Tickets(store.ports.http);
  }

  /** The room of a case; made, not joined. */
  room(caseId: string): LiveRoom {
    return this.entry(caseId).live;
  }

  probe(caseId: string): RoomProbe {
    return this.entry(caseId).probe;
  }

  /** Join a case's room; others that were asked before go first. */
  enter(caseId: string): Promise<void> {
    const { live } = this.entry(caseId);
    this.stall ??= new StallMeter();
    this.timer ??= window.setInterval(() => this.measureAll(), MEASURE_EVERY_MS);
    if (!live.entered) this.tickets.order(caseId);
    return this.joins.enter(live);
  }

  /** Make a room's feed ready to be the large picture, unless there are too many rooms; returns how to stop. */
  prepare(caseId: string, feed: string): () => void {
    const { live } = this.entry(caseId);
    return this.entries.size > ROOMS_MADE_READY ? () => undefined : live.prepare(feed);
  }

  leave(caseId: string): void {
    const entry = this.entries.get(caseId);
    this.entries.delete(caseId);
    this.tickets.cancel(caseId);
    void entry?.live.leave();
  }

  /** Join the private room of the experts. */
  enterExperts(): void {
    const known = this.experts.get();
    if (known) {
      void known.enter();
      return;
    }
    const live = new LiveRoom("experts", () => this.store.ports.http.post<JoinAnswer>("/expert-room/join"));
    live.onVoices = () => this.mixVoices();
    this.experts.set(live);
    void live.enter().then(() => live.setMicrophone(this.track));
  }

  /** Measured values go to the server from an expert's page only. */
  reportMedia(): void {
    this.reporting = true;
  }

  focus(caseId: string | null): void {
    if (this.focused.get() === caseId) return;
    this.focused.set(caseId);
    this.setTalk(talkAfterSwitch(this.talk.get()));
    this.mixVoices();
  }

  /** Ask for the microphone and publish it, muted, in the rooms that the talk target reaches. */
  async prepareMicrophone(deviceId?: string): Promise<void> {
    this.microphone.set("asking");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: {
          echoCancellation: true,
          noiseSuppression: true,
          autoGainControl: true,
          ...(deviceId ? { deviceId: { exact: deviceId } } : {}),
        },
      });
      this.track = stream.getAudioTracks()[0] ?? null;
      this.microphone.set("ready");
    } catch {
      this.microphone.set("denied");
      return;
    }
    this.bringMicrophones();
  }

  setTalk(talk: TalkState): void {
    this.talk.set(talk);
    this.bringMicrophones();
    const rooms = [...this.entries.keys()];
    const open = openMicrophones(talk, this.focused.get(), rooms);
    for (const [caseId, { live }] of this.entries) {
      void live.openMicrophone(open.cases.includes(caseId));
    }
    void this.experts.get()?.openMicrophone(open.experts);
    this.unheard.set([]);
    this.lookFrom_ms = performance.now() + OPEN_WITHIN_MS;
    window.setTimeout(() => this.lookWhoHears(), OPEN_WITHIN_MS);
  }

  /** A band that says "hears you" while nobody does is worse than silence. */
  private lookWhoHears(): void {
    if (performance.now() < this.lookFrom_ms) return;
    const open = openMicrophones(this.talk.get(), this.focused.get(), [...this.entries.keys()]);
    const deaf = open.cases.filter((caseId) => !this.entries.get(caseId)?.live.microphoneOpen);
    if (open.experts && !this.experts.get()?.microphoneOpen) deaf.push("experts");
    const known = this.unheard.get();
    if (deaf.join() !== known.join()) this.unheard.set(deaf);
  }

  async close(): Promise<void> {
    if (this.timer !== null) window.clearInterval(this.timer);
    this.timer = null;
    this.stall?.stop();
    this.stall = null;
    this.setTalk(QUIET);
    this.track?.stop();
    await Promise.all(this.all().map((live) => live.leave()));
  }

  private all(): LiveRoom[] {
    const rooms = [...this.entries.values()].map(({ live }) => live);
    const experts = this.experts.get();
    return experts ? [...rooms, experts] : rooms;
  }

  private entry(caseId: string): Entry {
    let entry = this.entries.get(caseId);
    if (!entry) {
      const live = new LiveRoom(caseId, () => this.tickets.take(caseId));
      live.onVoices = () => this.mixVoices();
      entry = { live, probe: new RoomProbe(live), reported: null };
      entry.probe.pinging = false;
      this.entries.set(caseId, entry);
    }
    return entry;
  }

  /**
   * The microphone is ready, muted, wherever the next press of the key will be heard.
   *
   * In thirty rooms it would be thirty encoders and thirty negotiations before the first picture; where it
   * once was it stays, so that going back to a room costs nothing.
   */
  private bringMicrophones(): void {
    if (!this.track) return;
    const { cases } = talkRoute(this.talk.get(), this.focused.get(), [...this.entries.keys()]);
    for (const caseId of cases) void this.entries.get(caseId)?.live.setMicrophone(this.track);
    void this.experts.get()?.setMicrophone(this.track);
  }

  /**
   * Everybody is heard once, the focused room loudest.
   *
   * An expert who talks to three rooms has an open microphone in each; hearing it three times with
   * three delays would be an echo.
   */
  private mixVoices(): void {
    if (this.unheard.get().length > 0) this.lookWhoHears();
    const heard = new Set<string>();
    const focused = this.focused.get();
    const rooms = this.all().sort((a, b) => Number(b.key === focused) - Number(a.key === focused));
    for (const live of rooms) {
      const loud = live.key === "experts" || focused === null || live.key === focused;
      for (const { track, userId, side, open } of live.voices()) {
        const again = side === "centre" && open && heard.has(userId);
        if (open) heard.add(userId);
        track.setVolume(again ? 0 : loud ? FOCUSED_VOLUME : OTHER_VOLUME);
      }
    }
  }

  private measureAll(): void {
    this.beginPings();
    this.lookWhoHears();
    const blocked = this.stall?.take(MEASURE_EVERY_MS) ?? 0;
    for (const [caseId, entry] of this.entries) void this.measureOne(caseId, entry, blocked);
    // Not after all of them: one look that never answers would silence the reports of every room.
    window.setTimeout(() => this.reportAll(), LOOKS_DONE_MS);
  }

  private beginPings(): void {
    if (this.joins.busy) return;
    const silent = [...this.entries.values()].filter(({ probe }) => !probe.pinging);
    for (const { probe } of silent.slice(0, PINGS_BEGUN)) probe.pinging = true;
  }

  private async measureOne(caseId: string, entry: Entry, blocked: number): Promise<void> {
    const state = this.store.session(caseId).get().snapshot?.state;
    const connected = entry.live.view.get().status === "connected";
    await entry.probe.tick(connected && state?.phase === "open", blocked);
  }

  /** One request for the whole wall: thirty would be fifteen a second. */
  private reportAll(): void {
    // One at a time: behind a slow link reports would queue up, and commands behind them.
    if (!this.reporting || this.sending) return;
    const at_ms = performance.now();
    const reports: Record<string, MediaReport> = {};
    for (const [caseId, entry] of this.entries) {
      const open = this.store.session(caseId).get().snapshot?.state.phase === "open";
      if (!open || entry.live.view.get().status !== "connected") continue;
      const { measurement, condition } = entry.probe.quality.get();
      if (!reportDue(entry.reported, condition.state, at_ms)) continue;
      entry.reported = { at_ms, state: condition.state };
      reports[caseId] = reportOf(measurement, condition, entry.probe.watching);
    }
    if (Object.keys(reports).length === 0) return;
    // A report that fails is worth nothing later: the next one is newer.
    this.sending = true;
    this.store.ports.http
      .post("/sessions/media-reports", { reports }, AbortSignal.timeout(REPORT_LIMIT_MS))
      .catch(() => undefined)
      .finally(() => {
        this.sending = false;
      });
  }
}
