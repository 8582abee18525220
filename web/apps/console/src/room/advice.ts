import type { Advice } from "@tongtai/session-core";

import type { WaitingCommand } from "./outbox";

const OPEN: ReadonlySet<Advice["status"]> = new Set(["given", "read_back"]);

export interface AdviceView {
  /** The STOP that fills the screen until it is answered. */
  readonly stop: Advice | null;
  /** The newest advice, answered or not. */
  readonly current: Advice | null;
  readonly older: readonly Advice[];
  /** Answered here, not yet confirmed by the server. */
  readonly answering: boolean;
}

const isAnswer = (type: string): boolean => type === "advice.accepted" || type === "advice.declined";

/** An open advice goes before an answered one; of several the newest. */
export function adviceView(advice: readonly Advice[], waiting: readonly WaitingCommand[]): AdviceView {
  const answered = new Set(waiting.filter(({ type }) => isAnswer(type)).map(({ payload }) => payload.advice_id));
  const isOpen = (one: Advice): boolean => OPEN.has(one.status) && !answered.has(one.advice_id);
  const newest = [...advice].reverse();
  const stop = newest.find((one) => one.level === "stop" && isOpen(one)) ?? null;
  const spoken = newest.filter((one) => one.level !== "stop");
  const current = spoken.find(isOpen) ?? spoken[0] ?? null;
  return {
    stop,
    current,
    older: newest.filter((one) => one !== current && one !== stop),
    answering: current !== null && answered.has(current.advice_id),
  };
}

/** Whether the advice waits for an answer of the table. */
export const waitsForAnswer = (advice: Advice): boolean => OPEN.has(advice.status);
