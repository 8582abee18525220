import { ApiError, UNREACHABLE } from "@tongtai/api-client";
import { describe, expect, it } from "vitest";

import { type ChosenFile, isClutter } from "./collect";
import { ImagingPush, type PushProgress, type PushTransport } from "./push";

const SUMMARY = { push_id: "p1", received: 0, rejected: 0, duplicates: 0, quarantined: [] };

function file(name: string): ChosenFile {
  return { name, content: new File(["x".repeat(10)], name) };
}

function accepted(name: string) {
  return {
    accepted: [{ name, code: "", message: "" }],
    rejected: [],
    quarantined: [],
    duplicates: 0,
  };
}

function transport(send: PushTransport["send"]) {
  const calls = { waits: [] as number[], finished: 0 };
  const made: PushTransport = {
    start: () => Promise.resolve({ push_id: "p1" }),
    send,
    finish: () => {
      calls.finished += 1;
      return Promise.resolve(SUMMARY);
    },
    wait: (milliseconds) => {
      calls.waits.push(milliseconds);
      return Promise.resolve();
    },
  };
  return { made, calls };
}

describe("ImagingPush", () => {
  it("sends every file once and counts what became of them", async () => {
    const sent: string[] = [];
    const { made, calls } = transport((_, { name }) => {
      sent.push(name);
      return Promise.resolve(accepted(name));
    });
    const seen: PushProgress[] = [];
    const names = ["a", "b", "c", "d", "e"];
    await new ImagingPush(names.map(file), made, (progress) => seen.push(progress)).run();
    expect(sent.toSorted()).toEqual(names);
    expect(seen.at(-1)).toMatchObject({ files: 5, done: 5, accepted: 5, bytes: 50, sentBytes: 50 });
    expect(calls.finished).toBe(1);
  });

  it("sends a file again after the connection was cut", async () => {
    let failures = 2;
    const { made, calls } = transport((_, { name }) => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new ApiError(0, UNREACHABLE, "cut")) : Promise.resolve(accepted(name));
    });
    await new ImagingPush([file("a")], made, () => undefined).run();
    expect(calls.waits).toEqual([1000, 2000]);
  });

  it("names a refused file and keeps the rest", async () => {
    const { made } = transport((_, { name }) =>
      name === "bad"
        ? Promise.reject(new ApiError(413, "upload_too_large", "too large"))
        : Promise.resolve(accepted(name)),
    );
    let last: PushProgress | undefined;
    await new ImagingPush([file("bad"), file("good")], made, (progress) => (last = progress)).run();
    expect(last?.rejected).toMatchObject([{ name: "bad", code: "upload_too_large" }]);
    expect(last?.accepted).toBe(1);
  });

  it("stops at a refusal of the whole push, and closes it", async () => {
    const { made, calls } = transport(() => Promise.reject(new ApiError(403, "forbidden", "no")));
    await expect(new ImagingPush([file("a"), file("b")], made, () => undefined).run()).rejects.toThrow("no");
    expect(calls.finished).toBe(1);
  });

  it("stops when it is cancelled", async () => {
    const { made } = transport(
      (_, __, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            reject(new DOMException("cancelled", "AbortError"));
          });
        }),
    );
    const push = new ImagingPush([file("a")], made, () => undefined);
    const running = push.run();
    push.cancel();
    await expect(running).rejects.toThrow(DOMException);
  });
});

describe("isClutter", () => {
  it.each([".DS_Store", "ct/Thumbs.db", "__MACOSX/ct/._1.dcm", "ct/._1.dcm"])("leaves out %s", (name) => {
    expect(isClutter(name)).toBe(true);
  });
  it.each(["1.dcm", "ct/IM0001", "ct/DICOMDIR"])("keeps %s", (name) => {
    expect(isClutter(name)).toBe(false);
  });
});
