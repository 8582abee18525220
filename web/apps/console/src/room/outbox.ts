import { ApiError } from "@tongtai/api-client";
import { mayRetry, Observable } from "@tongtai/session-core";

/** A command of the table that the server has not yet made durable. */
export interface WaitingCommand {
  readonly id: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** This machine's clock when it happened; the server keeps it as the site's time. */
  readonly t_site_ms: number;
  readonly clock_offset_ms: number;
}

/** A command that is durable, with the number of its last event. */
export interface DeliveredCommand extends WaitingCommand {
  readonly seq: number;
}

export interface OutboxPorts {
  post(body: WaitingCommand): Promise<readonly { readonly seq: number }[]>;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  now(): number;
  offset_ms(): number;
  newId(): string;
  later(action: () => void, delay_ms: number): void;
  /** The server refused a command for good; it is not sent again. */
  onRefused(command: WaitingCommand, code: string): void;
}

const RETRY_MS = 2_000;
/** Enough for what one outage lets pile up unseen. */
const DELIVERED_KEPT = 200;

/**
 * What the table does is recorded even while the network is away: in order, with the time at which it happened,
 * kept over a reload of the page, each once (the server knows the ids).
 */
export class Outbox {
  readonly waiting: Observable<readonly WaitingCommand[]>;
  /** Durable, but perhaps not yet on this page: after an outage the events come a moment later. */
  readonly delivered = new Observable<readonly DeliveredCommand[]>([]);
  private readonly key: string;
  private sending = false;

  constructor(
    caseId: string,
    private readonly ports: OutboxPorts,
  ) {
    this.key = `tongtai.outbox.${caseId}`;
    this.waiting = new Observable(this.restore());
  }

  add(type: string, payload: Readonly<Record<string, unknown>> = {}): void {
    const { newId, now, offset_ms } = this.ports;
    const command = { id: newId(), type, payload, t_site_ms: Math.round(now()), clock_offset_ms: offset_ms() };
    this.keep([...this.waiting.get(), command]);
    void this.flush();
  }

  /** Sends what waits, oldest first; called again when the network is back. */
  async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let first = this.waiting.get()[0]; first; first = this.waiting.get()[0]) {
        if (!(await this.deliver(first))) return;
        const done = first.id;
        this.keep(this.waiting.get().filter(({ id }) => id !== done));
      }
    } finally {
      this.sending = false;
    }
  }

  private async deliver(command: WaitingCommand): Promise<boolean> {
    try {
      const events = await this.ports.post(command);
      const seq = events.at(-1)?.seq ?? 0;
      this.delivered.update((before) => [...before.slice(-DELIVERED_KEPT), { ...command, seq }]);
      return true;
    } catch (error) {
      // Signed out: the commands are kept, and go out when somebody of the table has signed in again.
      if (mayRetry(error) || (error instanceof ApiError && error.status === 401)) {
        this.ports.later(() => void this.flush(), RETRY_MS);
        return false;
      }
      this.ports.onRefused(command, error instanceof ApiError ? error.code : "unknown");
      return true;
    }
  }

  private keep(commands: readonly WaitingCommand[]): void {
    this.waiting.set(commands);
    if (commands.length === 0) this.ports.storage.removeItem(this.key);
    else this.ports.storage.setItem(this.key, JSON.stringify(commands));
  }

  private restore(): readonly WaitingCommand[] {
    try {
      const stored: unknown = JSON.parse(this.ports.storage.getItem(this.key) ?? "[]");
      return Array.isArray(stored) ? (stored as WaitingCommand[]) : [];
    } catch {
      return [];
    }
  }
}
