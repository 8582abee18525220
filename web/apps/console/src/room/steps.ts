import type { Step, StepMark, Technique } from "@tongtai/session-core";

import type { WaitingCommand } from "./outbox";

const BEFORE: readonly Step[] = [
  "positioning",
  "planning_scan",
  "local_anaesthesia",
  "puncture",
  "needle_check",
  "reposition",
];
const AFTER: readonly Step[] = ["withdraw", "immediate_ct", "haemostasis", "done"];

/** The buttons of a technique, in the order of the procedure; any may be pressed at any time. */
export const STEPS: Readonly<Record<Technique, readonly Step[]>> = {
  rfa: [...BEFORE, "energy_on", "check_scan", "track_ablation", ...AFTER],
  mwa: [...BEFORE, "energy_on", "check_scan", "track_ablation", ...AFTER],
  seeds: [...BEFORE, "seed_drop", "check_scan", ...AFTER],
};

export interface StepsView {
  readonly current: Step | null;
  /** Server time at which the current step began, ms. */
  readonly since_ms: number | null;
  readonly done: ReadonlySet<Step>;
}

/** Steps as the table knows them: the server's, and those that still wait to be sent. */
export function stepsView(marks: readonly StepMark[], waiting: readonly WaitingCommand[]): StepsView {
  const pending = waiting
    .filter(({ type }) => type === "step.marked")
    .map(({ payload, t_site_ms, clock_offset_ms }) => ({
      step: payload.step as Step,
      t_ms: t_site_ms - clock_offset_ms,
    }));
  const all = [...marks, ...pending];
  const last = all.at(-1);
  return {
    current: last?.step ?? null,
    since_ms: last?.t_ms ?? null,
    done: new Set(all.slice(0, -1).map(({ step }) => step)),
  };
}

/** "04:12", or "1:04:12" from an hour on. */
export function runningTime(elapsed_ms: number): string {
  const seconds = Math.max(0, Math.floor(elapsed_ms / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? minutes : `${Math.floor(seconds / 3600)}:${minutes}`;
}
