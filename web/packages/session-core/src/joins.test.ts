import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Joins, type JoinedRoom } from "./joins";

class Door implements JoinedRoom {
  held = false;
  asked = false;
  get entered(): boolean {
    return this.asked;
  }
  open: () => void = () => undefined;
  enter(): Promise<void> {
    this.asked = true;
    return new Promise((go) => (this.open = go));
  }
  holdPictures(held: boolean): void {
    this.held = held;
  }
}

const doors = (count: number): Door[] => Array.from({ length: count }, () => new Door());
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("six rooms are joined at once, the others in their order", async () => {
  const joins = new Joins();
  const rooms = doors(8);
  const all = Promise.all(rooms.map((room) => joins.enter(room)));
  await settled();
  expect(rooms.map(({ asked }) => asked)).toEqual([true, true, true, true, true, true, false, false]);
  rooms[2]?.open();
  await settled();
  expect(rooms[6]?.asked).toBe(true);
  expect(rooms[7]?.asked).toBe(false);
  for (const room of rooms) {
    room.open();
    await settled();
  }
  await all;
});

test("pictures come when all are in", async () => {
  const joins = new Joins();
  const rooms = doors(3);
  const all = Promise.all(rooms.map((room) => joins.enter(room)));
  await settled();
  rooms[0]?.open();
  rooms[1]?.open();
  await settled();
  expect(rooms.map(({ held }) => held)).toEqual([true, true, true]);
  rooms[2]?.open();
  await all;
  expect(rooms.map(({ held }) => held)).toEqual([false, false, false]);
});

test("a room that does not answer keeps the others' pictures for a second", async () => {
  const joins = new Joins();
  const rooms = doors(2);
  void joins.enter(rooms[0] as Door);
  void joins.enter(rooms[1] as Door);
  await settled();
  await vi.advanceTimersByTimeAsync(900);
  rooms[0]?.open();
  await settled();
  await vi.advanceTimersByTimeAsync(900);
  expect(rooms[0]?.held).toBe(true);
  await vi.advanceTimersByTimeAsync(100);
  expect(rooms.map(({ held }) => held)).toEqual([false, false]);
});

test("a room whose join fails does not keep the others", async () => {
  const joins = new Joins();
  const failing: JoinedRoom & { held: boolean } = {
    held: false,
    entered: false,
    enter: () => Promise.reject(new Error("gone")),
    holdPictures(held) {
      this.held = held;
    },
  };
  await expect(joins.enter(failing)).rejects.toThrow("gone");
  expect(failing.held).toBe(false);
});

test("a room that is in keeps its pictures when it is asked for again, also beside one that does not answer", async () => {
  const joins = new Joins();
  const [first, stuck] = [new Door(), new Door()];
  const entered = joins.enter(first);
  await settled();
  first.open();
  await entered;
  void joins.enter(stuck);
  void joins.enter(first);
  await settled();
  expect([first.held, stuck.held]).toEqual([false, true]);
});
