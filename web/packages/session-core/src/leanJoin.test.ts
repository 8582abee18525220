import { Room } from "livekit-client";
import { expect, test } from "vitest";

import { ACQUIRE, ENGINE, joinLean } from "./leanJoin";

interface Joining {
  readonly client: { join: (...given: unknown[]) => Promise<{ fastPublish: boolean }> };
}

test("LiveKit opens a room's audio context where it is kept from it", () => {
  expect(Reflect.get(Room.prototype, ACQUIRE)).toBeTypeOf("function");
});

test("the sending connection is not asked for at the first join, and is at the next", async () => {
  const room = new Room();
  const { client } = Reflect.get(room, ENGINE) as Joining;
  expect(client.join).toBeTypeOf("function");
  const asked: unknown[][] = [];
  client.join = (...given) => {
    asked.push(given);
    return Promise.resolve({ fastPublish: true });
  };
  joinLean(room);
  expect(await client.join("url", "token")).toEqual({ fastPublish: false });
  expect(await client.join("url", "token")).toEqual({ fastPublish: true });
  expect(asked).toEqual([
    ["url", "token"],
    ["url", "token"],
  ]);
});
