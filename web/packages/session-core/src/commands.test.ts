import { ApiError } from "@tongtai/api-client";
import { describe, expect, it } from "vitest";

import { Commands } from "./commands";

function world(failures: readonly ApiError[]) {
  const bodies: { id: string; payload: unknown }[] = [];
  const left = [...failures];
  let ids = 0;
  let now = 0;
  const commands = new Commands({
    http: {
      get: () => Promise.reject(new Error("not asked")),
      post: (_path, body) => {
        bodies.push(body as { id: string; payload: unknown });
        const failure = left.shift();
        return failure ? Promise.reject(failure) : Promise.resolve([] as never);
      },
    },
    newId: () => `id-${(ids += 1)}`,
    now: () => now,
    offset_ms: () => 0,
    wait: (delay_ms) => {
      now += delay_ms;
      return Promise.resolve();
    },
  });
  return { commands, bodies };
}

const unreachable = () => new ApiError(0, "unreachable", "");

describe("a command", () => {
  it("is repeated under the same id until the server has answered", async () => {
    const { commands, bodies } = world([unreachable(), unreachable()]);
    await commands.send("a", { type: "mark.added", payload: { text: "x" } });
    expect(bodies.map(({ id }) => id)).toEqual(["id-1", "id-1", "id-1"]);
  });

  it("is not repeated when the server refuses", async () => {
    const { commands, bodies } = world([new ApiError(403, "forbidden", "")]);
    await expect(commands.send("a", { type: "mark.added", payload: {} })).rejects.toThrow(ApiError);
    expect(bodies).toHaveLength(1);
  });

  it("is given up after twenty seconds", async () => {
    const { commands } = world(Array.from({ length: 50 }, unreachable));
    await expect(commands.send("a", { type: "mark.added", payload: {} })).rejects.toThrow(ApiError);
  });

  it("goes after those that were given before it, also after one that failed", async () => {
    const { commands, bodies } = world([new ApiError(409, "conflict", ""), unreachable()]);
    const first = commands.send("a", { type: "mark.added", payload: 1 as never });
    const second = commands.send("a", { type: "mark.added", payload: 2 as never });
    await expect(first).rejects.toThrow(ApiError);
    await second;
    expect(bodies.map(({ payload }) => payload)).toEqual([1, 2, 2]);
  });
});
