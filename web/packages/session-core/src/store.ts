/** All sessions of this page: snapshots, kept up by the stream of events. */
import { ApiError } from "@tongtai/api-client";

import { ServerClock } from "./clock";
import { Commands } from "./commands";
import { browserHttp, type Http } from "./http";
import { Observable } from "./observable";
import { applyEvent } from "./reducer";
import { EventStream, type StreamPorts, type StreamSocket } from "./stream";
import type { CommandDraft, SessionEvent, SessionSnapshot } from "./types";

export type SessionStatus = "loading" | "ready" | "not_found" | "forbidden" | "unreachable";

/** One session as this page knows it. `timeline` holds the events from the first to `state.seq`. */
export interface SessionView {
  status: SessionStatus;
  snapshot: SessionSnapshot | null;
  timeline: readonly SessionEvent[];
}

const UNKNOWN: SessionView = { status: "loading", snapshot: null, timeline: [] };
const RELOAD_AFTER_MS = 1_500;
const PAGE = 1_000;

function statusOf(error: unknown): SessionStatus {
  if (error instanceof ApiError && error.status === 404) return "not_found";
  if (error instanceof ApiError && error.status === 403) return "forbidden";
  return "unreachable";
}

export interface StorePorts {
  http: Http;
  openSocket(): StreamSocket;
  clock: ServerClock;
  setTimer(action: () => void, delay_ms: number): number;
  clearTimer(timer: number): void;
  newId(): string;
}

export class SessionStore {
  readonly stream: EventStream;
  readonly commands: Commands;
  /** The cases of the wall in the order of their numbers; null until they were read. */
  readonly wall = new Observable<readonly string[] | null>(null);
  private readonly sessions = new Map<string, Observable<SessionView>>();
  private readonly loading = new Map<string, Promise<void>>();
  /** Cases whose whole timeline is shown. */
  private readonly timelines = new Set<string>();
  private readonly eventListeners = new Set<(event: SessionEvent) => void>();

  constructor(readonly ports: StorePorts) {
    const streamPorts: StreamPorts = {
      open: () => ports.openSocket(),
      lastSeq: (caseId) => this.session(caseId).get().snapshot?.state.seq ?? 0,
      onEvents: (events) => this.receive(events),
      onServerTime: (server_ms) => ports.clock.sample(server_ms, 1_000),
      setTimer: ports.setTimer,
      clearTimer: ports.clearTimer,
      random: Math.random,
    };
    this.stream = new EventStream(streamPorts);
    this.commands = new Commands({
      http: ports.http,
      newId: ports.newId,
      now: Date.now,
      offset_ms: () => ports.clock.offset_ms,
      wait: (delay_ms) => new Promise((resolve) => ports.setTimer(() => resolve(), delay_ms)),
    });
  }

  session(caseId: string): Observable<SessionView> {
    let view = this.sessions.get(caseId);
    if (!view) {
      view = new Observable(UNKNOWN);
      this.sessions.set(caseId, view);
    }
    return view;
  }

  /** Every event that arrives, once and in order per session; returns how to stop listening. */
  onEvent(listener: (event: SessionEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  /** Read a session and follow it. */
  open(caseId: string): Promise<void> {
    let loading = this.loading.get(caseId);
    if (!loading) {
      loading = this.load(caseId).finally(() => this.loading.delete(caseId));
      this.loading.set(caseId, loading);
    }
    return loading;
  }

  /** Read all visible sessions (the wall) and follow them. */
  async openWall(): Promise<void> {
    const answer = await this.ports.http.get<SessionSnapshot[]>("/sessions");
    // By their numbers: the keys 1…9 belong to rooms and must not change with the server's order.
    const snapshots = [...answer].sort((one, other) => one.case.number.localeCompare(other.case.number));
    for (const snapshot of snapshots) {
      const view = this.session(snapshot.case.id);
      if (!view.get().snapshot) view.set({ status: "ready", snapshot, timeline: [] });
      this.stream.follow(snapshot.case.id);
    }
    this.wall.set(snapshots.map((snapshot) => snapshot.case.id));
  }

  /** Read the events that came before this page was opened: the timeline needs them, the state does not. */
  async loadTimeline(caseId: string): Promise<void> {
    this.timelines.add(caseId);
    const view = this.session(caseId);
    let after = 0;
    for (;;) {
      const page = await this.ports.http.get<SessionEvent[]>(`/sessions/${caseId}/events?after=${after}&limit=${PAGE}`);
      view.update((old) => ({ ...old, timeline: mergeTimeline(old.timeline, page) }));
      if (page.length < PAGE) return;
      after = page.at(-1)?.seq ?? after;
    }
  }

  async send(caseId: string, draft: CommandDraft): Promise<SessionEvent[]> {
    const events = await this.commands.send(caseId, draft);
    this.receive(events);
    return events;
  }

  private async load(caseId: string): Promise<void> {
    const view = this.session(caseId);
    try {
      const snapshot = await this.ports.http.get<SessionSnapshot>(`/sessions/${caseId}`);
      const known = view.get().snapshot?.state.seq ?? -1;
      if (snapshot.state.seq >= known) view.update((old) => ({ ...old, status: "ready", snapshot }));
      this.stream.follow(caseId);
      // Events between the timeline's answer and this snapshot are in neither: they are not sent again.
      if (snapshot.state.seq > known && this.timelines.has(caseId)) {
        await this.loadTimeline(caseId).catch(() => undefined);
      }
    } catch (error) {
      const status = statusOf(error);
      view.update((old) => ({ ...old, status: old.snapshot ? old.status : status }));
      if (status === "unreachable") {
        this.ports.setTimer(() => void this.open(caseId), RELOAD_AFTER_MS);
      }
    }
  }

  private receive(events: readonly SessionEvent[]): void {
    for (const event of events) this.receiveOne(event);
  }

  private receiveOne(event: SessionEvent): void {
    const view = this.session(event.case_id);
    const { snapshot } = view.get();
    if (!snapshot) return;
    if (event.seq <= snapshot.state.seq) return;
    if (event.seq > snapshot.state.seq + 1) {
      // Lost between: the stream repeats them from where this page is; nothing is applied out of order.
      this.stream.resume(event.case_id);
      return;
    }
    const state = applyEvent(snapshot.state, event);
    view.update((old) => ({
      ...old,
      snapshot: { ...snapshot, state },
      timeline: mergeTimeline(old.timeline, [event]),
    }));
    for (const listener of [...this.eventListeners]) listener(event);
  }
}

/** Both lists in order of their numbers, each event once. */
export function mergeTimeline(one: readonly SessionEvent[], other: readonly SessionEvent[]): readonly SessionEvent[] {
  const last = one.at(-1)?.seq ?? 0;
  if ((other[0]?.seq ?? Infinity) > last) return [...one, ...other];
  const bySeq = new Map([...one, ...other].map((event) => [event.seq, event]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** Measure the server's clock by a few requests; the fastest counts. */
async function measureClock(clock: ServerClock, http: Http): Promise<void> {
  for (let sample = 0; sample < 4; sample += 1) {
    const started = performance.now();
    const { t_ms } = await http.get<{ t_ms: number }>("/time");
    clock.sample(t_ms, performance.now() - started);
  }
}

/** The store of a page in a browser. */
export function createSessionStore(): SessionStore {
  const http = browserHttp;
  const clock = new ServerClock();
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const store = new SessionStore({
    http,
    clock,
    openSocket: () => new WebSocket(`${scheme}://${location.host}/api/stream`) as unknown as StreamSocket,
    setTimer: (action, delay_ms) => window.setTimeout(action, delay_ms),
    clearTimer: (timer) => window.clearTimeout(timer),
    newId: () => crypto.randomUUID(),
  });
  void measureClock(clock, http).catch(() => undefined);
  return store;
}
