/** Commands to sessions: each is sent until the server has answered, in order, and counts once. */
import { mayRetry, type Http } from "./http";
import type { CommandDraft, SessionEvent } from "./types";

export interface CommandPorts {
  http: Http;
  newId(): string;
  /** This machine's clock, milliseconds since 1970. */
  now(): number;
  offset_ms(): number;
  wait(delay_ms: number): Promise<void>;
}

const RETRY_DELAYS_MS = [200, 400, 800, 1_600, 3_000];
/** A command older than this would surprise the room that gets it: the author is told instead. */
const GIVE_UP_AFTER_MS = 20_000;

export class Commands {
  private readonly tails = new Map<string, Promise<unknown>>();

  constructor(private readonly ports: CommandPorts) {}

  /**
   * Send a command; the promise resolves with the events that it made durable.
   *
   * @throws ApiError when the server refuses, or cannot be reached for 20 s.
   */
  send(caseId: string, draft: CommandDraft): Promise<SessionEvent[]> {
    const before = this.tails.get(caseId) ?? Promise.resolve();
    const sent = before.then(() => this.deliver(caseId, draft));
    this.tails.set(
      caseId,
      sent.catch(() => undefined),
    );
    return sent;
  }

  private async deliver(caseId: string, draft: CommandDraft): Promise<SessionEvent[]> {
    const made_at = this.ports.now();
    const body = {
      id: this.ports.newId(),
      type: draft.type,
      t_site_ms: Math.round(made_at),
      clock_offset_ms: this.ports.offset_ms(),
      payload: draft.payload,
    };
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.ports.http.post<SessionEvent[]>(`/sessions/${caseId}/commands`, body);
      } catch (error) {
        if (!mayRetry(error) || this.ports.now() - made_at > GIVE_UP_AFTER_MS) throw error;
        await this.ports.wait(RETRY_DELAYS_MS[attempt] ?? 3_000);
      }
    }
  }
}
