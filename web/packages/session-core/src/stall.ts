/** How much of the time this page is kept from running: by its own long tasks or by a busy computer. */

export class StallMeter {
  private longTasks_ms = 0;
  private from_ms: number;
  private readonly observer: PerformanceObserver | null;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.from_ms = now();
    this.observer = observeLongTasks((duration_ms) => {
      this.longTasks_ms += duration_ms;
    });
  }

  /** The part 0…1 since the last call, which was due `expected_ms` after the one before. */
  take(expected_ms: number): number {
    const at_ms = this.now();
    const elapsed_ms = at_ms - this.from_ms;
    const held_ms = Math.max(this.longTasks_ms, elapsed_ms - expected_ms, 0);
    this.from_ms = at_ms;
    this.longTasks_ms = 0;
    return elapsed_ms > 0 ? Math.min(1, held_ms / elapsed_ms) : 0;
  }

  stop(): void {
    this.observer?.disconnect();
  }
}

/** Not every browser reports long tasks; the timer's lateness tells the rest. */
function observeLongTasks(heard: (duration_ms: number) => void): PerformanceObserver | null {
  if (typeof PerformanceObserver === "undefined") return null;
  if (!PerformanceObserver.supportedEntryTypes.includes("longtask")) return null;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) heard(duration);
  });
  observer.observe({ entryTypes: ["longtask"] });
  return observer;
}
