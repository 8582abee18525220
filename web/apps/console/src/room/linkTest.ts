import type { Http } from "@tongtai/session-core";

export interface LinkTest {
  /** Median time of a request to the server and back, ms. */
  readonly rtt_ms: number;
  /** Slowest of the requests, ms: shows an unsteady link. */
  readonly worst_ms: number;
  /** How far this machine's clock is ahead of the server's, ms. */
  readonly clock_offset_ms: number;
}

const REQUESTS = 9;

/** Measures this room's way to the server before anything depends on it. */
export async function testLink(http: Http, now: () => number = () => performance.now()): Promise<LinkTest> {
  const samples: { rtt_ms: number; offset_ms: number }[] = [];
  for (let count = 0; count < REQUESTS; count += 1) {
    const started = now();
    const { t_ms } = await http.get<{ t_ms: number }>("/time");
    const rtt_ms = now() - started;
    samples.push({ rtt_ms, offset_ms: Date.now() - rtt_ms / 2 - t_ms });
  }
  samples.sort((a, b) => a.rtt_ms - b.rtt_ms);
  const median = samples[Math.floor(samples.length / 2)];
  const best = samples[0];
  return {
    rtt_ms: median?.rtt_ms ?? 0,
    worst_ms: samples.at(-1)?.rtt_ms ?? 0,
    // The quickest answer says most exactly what time it is there.
    clock_offset_ms: best?.offset_ms ?? 0,
  };
}

export type Verdict = "good" | "warn" | "bad";

/** The product's alarm limits: above 300 ms amber, above 500 ms red. */
export function verdictOf(delay_ms: number): Verdict {
  if (delay_ms <= 300) return "good";
  return delay_ms <= 500 ? "warn" : "bad";
}
