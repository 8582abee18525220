import { ApiError, type GivenAnswer, type Intake, UNREACHABLE } from "@tongtai/api-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { convertedText, plainNumber, sameAnswer, unitText } from "./answers";
import { type Answers, Autosave } from "./autosave";

const text = (value: string): GivenAnswer => ({ value, unit: "", observed_on: "2026-05-01", confirmed: false });

/** A server that keeps answers by version, as ours does. */
class Kept {
  version = 3;
  readonly answers: Record<string, GivenAnswer> = {};
  failure: ApiError | null = null;
  sent: Answers[] = [];

  intake(): Intake {
    const answers = Object.fromEntries(
      Object.entries(this.answers).map(([key, given]) => [
        key,
        { ...given, given_value: String(given.value), given_unit: given.unit },
      ]),
    );
    return { version: this.version, answers } as unknown as Intake;
  }

  save(version: number, answers: Answers): Promise<Intake> {
    this.sent.push(answers);
    if (this.failure !== null) return Promise.reject(this.failure);
    if (version !== this.version) return Promise.reject(new ApiError(409, "intake_changed", ""));
    Object.assign(this.answers, answers);
    this.version += 1;
    return Promise.resolve(this.intake());
  }
}

let server: Kept;
let device: Answers;

function page(restored: Answers = {}): Autosave {
  return new Autosave(
    {
      load: () => Promise.resolve(server.intake()),
      send: (version, answers) => server.save(version, answers),
      took: () => undefined,
      keep: (pending) => {
        device = pending;
      },
    },
    server.intake(),
    restored,
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new Kept();
  device = {};
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = () => vi.advanceTimersByTimeAsync(10_000);

describe("saving as one types", () => {
  it("sends once when the hand rests, and keeps nothing on the device afterwards", async () => {
    const form = page();
    form.put("inr", text("1"));
    form.put("inr", text("1.1"));
    expect(device).toEqual({ inr: text("1.1") });
    await pass();
    expect(server.sent).toEqual([{ inr: text("1.1") }]);
    expect([form.state().status, device]).toEqual(["saved", {}]);
  });

  it("goes on after a network that failed", async () => {
    const form = page();
    server.failure = new ApiError(0, UNREACHABLE, "");
    form.put("inr", text("1.1"));
    await vi.advanceTimersByTimeAsync(1000);
    expect([form.state().status, device]).toEqual(["offline", { inr: text("1.1") }]);
    server.failure = null;
    await pass();
    expect([form.state().status, server.answers.inr]).toEqual(["saved", text("1.1")]);
  });

  it("sends what a page that was left had not sent", async () => {
    page({ reason: text("请求指导") });
    await pass();
    expect(server.answers.reason).toEqual(text("请求指导"));
  });

  it("puts both people's different items together", async () => {
    const [one, other] = [page(), page()];
    one.put("inr", text("1.1"));
    other.put("albumin", text("38"));
    await pass();
    expect(server.answers).toEqual({ inr: text("1.1"), albumin: text("38") });
    expect(other.state().conflicts).toEqual({});
  });

  it("asks who is right where two have answered the same item, and loses neither until then", async () => {
    const [one, other] = [page(), page()];
    one.put("inr", text("1.1"));
    await pass();
    other.put("inr", text("1.7"));
    await pass();
    expect(server.answers.inr).toEqual(text("1.1"));
    expect(other.state().conflicts.inr?.value).toBe("1.1");
    expect(other.state().pending.inr).toEqual(text("1.7"));
    other.settle("inr", true);
    await pass();
    expect(server.answers.inr).toEqual(text("1.7"));
  });

  it("holds back only the item that the server does not take", async () => {
    const form = page();
    server.failure = new ApiError(422, "intake_unit_unknown", "", { item: "inr" });
    form.put("inr", text("1.1"));
    form.put("albumin", text("38"));
    vi.advanceTimersByTime(800);
    await Promise.resolve();
    server.failure = null;
    await pass();
    expect(Object.keys(form.state().refused)).toEqual(["inr"]);
    expect(server.answers).toEqual({ albumin: text("38") });
  });

  it("stops where the person may not write, and says why", async () => {
    const form = page();
    server.failure = new ApiError(409, "record_locked", "");
    form.put("inr", text("1.1"));
    await pass();
    expect([form.state().status, form.state().error?.code]).toEqual(["stopped", "record_locked"]);
    expect(device).toEqual({ inr: text("1.1") });
  });
});

describe("an answer", () => {
  const bilirubin = { unit: "umol/L", units: { "mg/dL": 17.104 } };
  it.each([
    ["１２．５", "12.5"],
    ["12,5", "12.5"],
    ["<0.5", "<0.5"],
    ["12 mg", null],
    ["", null],
  ])("%s is the number %s", (typed, plain) => {
    expect(plainNumber(typed)).toBe(plain);
  });

  it("says what it is in the form's unit", () => {
    const given = { value: "2", unit: "mg/dL", confirmed: false };
    expect(convertedText(bilirubin as never, given)).toBe("= 34.21 µmol/L");
    expect(convertedText(bilirubin as never, { ...given, unit: "umol/L" })).toBeNull();
    expect(["10*9/L", "ug/L", "1", "10*3/uL"].map(unitText)).toEqual(["×10⁹/L", "µg/L", "", "×10³/µL"]);
  });

  it("that is taken away is like one that was never there", () => {
    expect(sameAnswer(undefined, { ...text(""), value: null })).toBe(true);
    expect(sameAnswer(text("1"), text("2"))).toBe(false);
  });
});
