/** Runs `send` at once, then at most once per interval with the newest value; the last value always goes out. */
export interface Pace<Value> {
  push(value: Value): void;
  /** Sends what waits now; called when the stroke ends so that nothing trails behind it. */
  flush(): void;
  cancel(): void;
}

export function createPace<Value>(intervalMs: number, send: (value: Value) => void): Pace<Value> {
  let waiting: { value: Value } | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const release = (): void => {
    timer = null;
    if (!waiting) return;
    const { value } = waiting;
    waiting = null;
    timer = setTimeout(release, intervalMs);
    send(value);
  };
  return {
    push(value) {
      waiting = { value };
      if (timer === null) release();
    },
    flush() {
      if (!waiting) return;
      const { value } = waiting;
      waiting = null;
      send(value);
    },
    cancel() {
      waiting = null;
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
