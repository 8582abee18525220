import type { SessionEvent } from "@tongtai/session-core";
import { expect, it } from "vitest";

import { peopleOf } from "./newcomers";

const event = (seq: number, type: string, payload: object) => ({ seq, type, payload }) as unknown as SessionEvent;

it("somebody who leaves is the one who came under the same identity", () => {
  const people = peopleOf([
    event(1, "participant.joined", { identity: "user.a.1", user_id: "a", name: "陈敏", name_en: "Chen Min" }),
    event(2, "participant.joined", { identity: "gateway.g.1", user_id: null, role: "gateway", name: "OR 1" }),
    event(3, "mark.added", { text: "x" }),
    event(4, "participant.left", { identity: "user.a.1" }),
    event(5, "participant.left", { identity: "gateway.g.1" }),
    event(6, "participant.left", { identity: "user.nobody.1" }),
  ]);
  expect(people.get(4)).toEqual({ name: "陈敏", name_en: "Chen Min", isGateway: false });
  expect(people.get(5)?.isGateway).toBe(true);
  expect([...people.keys()]).toEqual([1, 2, 4, 5]);
});
