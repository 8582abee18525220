import { Room } from "livekit-client";
import { expect, test } from "vitest";

import { ACQUIRE } from "./liveRoom";

test("LiveKit opens a room's audio context where it is kept from it", () => {
  expect(Reflect.get(Room.prototype, ACQUIRE)).toBeTypeOf("function");
});
