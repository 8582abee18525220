/** One WebSocket for the events of all sessions; it resumes where each session was. */
import { Observable } from "./observable";
import type { SessionEvent } from "./types";

export type StreamStatus = "connecting" | "live" | "waiting" | "revoked";

export interface StreamSocket {
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((close: { code: number }) => void) | null;
  send(data: string): void;
  close(): void;
}

export interface StreamPorts {
  open(): StreamSocket;
  /** The number of the last event that this page has of a session. */
  lastSeq(caseId: string): number;
  onEvents(events: SessionEvent[]): void;
  onServerTime(server_ms: number): void;
  setTimer(action: () => void, delay_ms: number): number;
  clearTimer(timer: number): void;
  random(): number;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 4_000;
/** The server pings every 10 s: after 25 s of silence the connection is dead, whatever TCP says. */
const SILENCE_MS = 25_000;
const CLOSED_REVOKED = 4401;

/** Milliseconds until attempt number `attempt` (0 is the first): doubling, with jitter, at most 4 s. */
export function backoffDelay_ms(attempt: number, random: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return delay * (0.75 + random / 2);
}

export class EventStream {
  readonly status = new Observable<StreamStatus>("connecting");
  private socket: StreamSocket | null = null;
  private readonly sessions = new Set<string>();
  private attempt = 0;
  private retry: number | null = null;
  private silence: number | null = null;
  private stopped = true;

  constructor(private readonly ports: StreamPorts) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.clear();
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  /** Follow one more session; those that are followed go on. */
  follow(caseId: string): void {
    this.sessions.add(caseId);
    this.subscribe([caseId]);
  }

  /** Ask again for everything after what this page has: events were lost between. */
  resume(caseId: string): void {
    this.subscribe([caseId]);
  }

  private connect(): void {
    this.status.set("connecting");
    const socket = this.ports.open();
    this.socket = socket;
    socket.onopen = () => {
      this.subscribe([...this.sessions]);
      this.listenForSilence();
    };
    socket.onmessage = ({ data }) => this.receive(String(data));
    socket.onclose = ({ code }) => {
      if (this.socket === socket) this.closed(code);
    };
  }

  private subscribe(caseIds: string[]): void {
    if (!this.socket || caseIds.length === 0) return;
    const subscribe = Object.fromEntries(caseIds.map((id) => [id, this.ports.lastSeq(id)]));
    try {
      this.socket.send(JSON.stringify({ subscribe }));
    } catch {
      // Not open yet: everything followed is asked for as soon as it is.
    }
  }

  private receive(data: string): void {
    this.listenForSilence();
    this.attempt = 0;
    this.status.set("live");
    const message = JSON.parse(data) as {
      events?: SessionEvent[];
      revoked?: boolean;
      hello?: { server_t_ms: number };
      t?: number;
    };
    if (message.hello) this.ports.onServerTime(message.hello.server_t_ms);
    if (message.events) this.ports.onEvents(message.events);
    if (message.revoked) this.revoke();
  }

  private revoke(): void {
    this.stop();
    this.status.set("revoked");
  }

  private closed(code: number): void {
    this.clear();
    this.socket = null;
    if (this.stopped) return;
    if (code === CLOSED_REVOKED) {
      this.revoke();
      return;
    }
    this.status.set("waiting");
    const delay = backoffDelay_ms(this.attempt++, this.ports.random());
    this.retry = this.ports.setTimer(() => this.connect(), delay);
  }

  private listenForSilence(): void {
    if (this.silence !== null) this.ports.clearTimer(this.silence);
    this.silence = this.ports.setTimer(() => {
      const socket = this.socket;
      socket?.close();
      this.closed(0);
    }, SILENCE_MS);
  }

  private clear(): void {
    if (this.retry !== null) this.ports.clearTimer(this.retry);
    if (this.silence !== null) this.ports.clearTimer(this.silence);
    this.retry = null;
    this.silence = null;
  }
}
