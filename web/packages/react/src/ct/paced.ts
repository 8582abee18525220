/**
 * Reads whenever it is asked to, one reading at a time and with a pause between two; what is asked meanwhile is one
 * more reading. Questions that come quicker than readings end therefore neither pile up nor put the next one off.
 * While they go on the pause doubles: the first slices are to be seen at once, and each reading is of all of them.
 */
export class PacedReader {
  private busy = false;
  private again = false;
  private stopped = false;

  constructor(
    private readonly read: () => Promise<void>,
    private readonly shortest_ms: number,
    private readonly longest_ms: number,
  ) {}

  ask(): void {
    this.again = true;
    if (!this.busy) void this.run();
  }

  stop(): void {
    this.stopped = true;
  }

  private async run(): Promise<void> {
    this.busy = true;
    let pause_ms = this.shortest_ms;
    while (this.again && !this.stopped) {
      this.again = false;
      await this.read();
      await new Promise((resolve) => setTimeout(resolve, pause_ms));
      pause_ms = Math.min(2 * pause_ms, this.longest_ms);
    }
    this.busy = false;
  }
}
