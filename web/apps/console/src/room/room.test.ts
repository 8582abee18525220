import { ApiError } from "@tongtai/api-client";
import type { Advice } from "@tongtai/session-core";
import { describe, expect, it } from "vitest";

import { adviceView } from "./advice";
import { linkWords } from "./link";
import { Outbox, type OutboxPorts, type WaitingCommand } from "./outbox";
import { runningTime, STEPS, stepsView } from "./steps";

class MemoryStorage {
  readonly kept = new Map<string, string>();
  getItem = (key: string): string | null => this.kept.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.kept.set(key, value);
  removeItem = (key: string): void => void this.kept.delete(key);
}

function rig(storage = new MemoryStorage()) {
  const sent: WaitingCommand[] = [];
  const refused: string[] = [];
  const timers: (() => void)[] = [];
  let answer: () => Promise<{ seq: number }[]> = () => Promise.resolve([{ seq: 7 }]);
  let ids = 0;
  const ports: OutboxPorts = {
    post: async (body) => {
      const events = await answer();
      sent.push(body);
      return events;
    },
    storage,
    now: () => 1_000_000,
    offset_ms: () => 250,
    newId: () => `id-${(ids += 1)}`,
    later: (action) => timers.push(action),
    onRefused: (_, code) => refused.push(code),
  };
  const fail = (error: Error | null): void => {
    answer = () => (error ? Promise.reject(error) : Promise.resolve([{ seq: 7 }]));
  };
  return { outbox: new Outbox("case", ports), sent, refused, timers, fail, storage };
}

const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

describe("the table's commands without a network", () => {
  it("are kept with the time at which they happened, over a reload, and sent once in order", async () => {
    const first = rig();
    first.fail(new ApiError(0, "unreachable", "no network"));
    first.outbox.add("step.marked", { step: "puncture" });
    first.outbox.add("step.marked", { step: "energy_on" });
    await settled();
    expect(first.sent).toEqual([]);
    expect(first.timers).toHaveLength(1);

    const reloaded = rig(first.storage);
    await reloaded.outbox.flush();
    expect(reloaded.sent.map(({ id, payload }) => [id, payload.step])).toEqual([
      ["id-1", "puncture"],
      ["id-2", "energy_on"],
    ]);
    expect(reloaded.sent[0]).toMatchObject({ t_site_ms: 1_000_000, clock_offset_ms: 250 });
    expect(reloaded.storage.kept.size).toBe(0);
    expect(reloaded.outbox.delivered.get().map(({ id, seq }) => [id, seq])).toEqual([
      ["id-1", 7],
      ["id-2", 7],
    ]);
  });

  it("drops and reports only what the server refuses", async () => {
    const { outbox, refused, sent, fail } = rig();
    fail(new ApiError(409, "not_open", "the session is closed"));
    outbox.add("step.marked", { step: "done" });
    await settled();
    expect(refused).toEqual(["not_open"]);
    fail(null);
    outbox.add("help.called");
    await settled();
    expect(sent.map(({ type }) => type)).toEqual(["help.called"]);
  });

  it("survives a damaged store", () => {
    const storage = new MemoryStorage();
    storage.setItem("tongtai.outbox.case", "{broken");
    expect(rig(storage).outbox.waiting.get()).toEqual([]);
  });
});

const waiting = (type: string, payload: Record<string, unknown>): WaitingCommand => ({
  id: "w",
  type,
  payload,
  t_site_ms: 5_000,
  clock_offset_ms: 1_000,
});

describe("the steps of the procedure", () => {
  it("show what was pressed at once, also while it waits to be sent", () => {
    const marks = [{ step: "positioning", t_ms: 1_000, by_name: "x", note: null }] as const;
    const view = stepsView(marks, [waiting("step.marked", { step: "puncture" })]);
    expect(view.current).toBe("puncture");
    expect(view.since_ms).toBe(4_000);
    expect([...view.done]).toEqual(["positioning"]);
  });

  it("belong to the technique", () => {
    expect(STEPS.seeds).toContain("seed_drop");
    expect(STEPS.seeds).not.toContain("energy_on");
    expect(STEPS.rfa).not.toContain("seed_drop");
  });

  it("tell the running time", () => {
    expect(runningTime(252_400)).toBe("04:12");
    expect(runningTime(3_852_000)).toBe("1:04:12");
    expect(runningTime(-5)).toBe("00:00");
  });
});

const advice = (advice_id: string, level: Advice["level"], status: Advice["status"]): Advice =>
  ({ advice_id, level, status }) as Advice;

describe("the advice that is shown", () => {
  it("is the newest that waits for an answer, before those that were answered", () => {
    const all = [advice("a", "info", "given"), advice("b", "suggest", "accepted")];
    expect(adviceView(all, []).current?.advice_id).toBe("a");
    expect(adviceView(all, []).older.map(({ advice_id }) => advice_id)).toEqual(["b"]);
  });

  it("lets a STOP fill the screen until it is answered here, network or not", () => {
    const all = [advice("s", "stop", "given")];
    expect(adviceView(all, []).stop?.advice_id).toBe("s");
    expect(adviceView(all, [waiting("advice.accepted", { advice_id: "s" })]).stop).toBeNull();
    expect(adviceView([advice("s", "stop", "accepted")], []).stop).toBeNull();
  });
});

describe("the network in words", () => {
  const good = { stream: "live", media: "connected", arrives: { state: "live", delay_ms: 86 }, experts: 2 } as const;

  it.each([
    [good, "live"],
    [{ ...good, experts: 0 }, "alone"],
    [{ ...good, arrives: { state: "degraded", delay_ms: 340 } }, "degraded"],
    [{ ...good, arrives: { state: "lost", delay_ms: null } }, "not_arriving"],
    [{ ...good, arrives: { state: "off", delay_ms: null } }, "present"],
    [{ ...good, media: "reconnecting" }, "lost"],
    [{ ...good, stream: "waiting" }, "lost"],
    [{ ...good, media: "idle" }, "connecting"],
    [{ ...good, stream: "revoked" }, "denied"],
  ] as const)("%o is %s", (facts, code) => {
    expect(linkWords(facts).code).toBe(code);
  });
});
