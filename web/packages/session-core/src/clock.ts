/** The server's clock as this page knows it: the smallest-delay sample wins, so a slow packet does not move it. */
export class ServerClock {
  private best: { offset_ms: number; rtt_ms: number; at_ms: number } | null = null;

  constructor(private readonly now: () => number = Date.now) {}

  /** Milliseconds that this machine's clock is ahead of the server's; 0 until measured. */
  get offset_ms(): number {
    return this.best?.offset_ms ?? 0;
  }

  /** Server time in milliseconds since 1970. */
  readonly serverNow = (): number => this.now() - this.offset_ms;

  /** Take one sample: the server said `server_ms` in answer to a request that took `rtt_ms`. */
  sample(server_ms: number, rtt_ms: number): void {
    const at = this.now();
    // After ten minutes an old good sample is worth less than a new one: clocks drift.
    const stale = this.best !== null && at - this.best.at_ms > 600_000;
    if (this.best && !stale && rtt_ms >= this.best.rtt_ms) return;
    this.best = { offset_ms: at - (server_ms + rtt_ms / 2), rtt_ms, at_ms: at };
  }
}
