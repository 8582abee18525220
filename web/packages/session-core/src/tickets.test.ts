import { describe, expect, it, vi } from "vitest";

import type { Http } from "./http";
import type { JoinAnswer } from "./liveRoom";
import { Tickets } from "./tickets";

const ticket = (name: string): JoinAnswer => ({ url: "ws://x", token: name, room: name, identity: name });

function desk(refused: readonly string[] = []) {
  const post = vi.fn((path: string, body?: unknown): Promise<unknown> => {
    if (path !== "/sessions/join") return Promise.resolve(ticket(`alone ${path}`));
    const { case_ids } = body as { case_ids: string[] };
    const admitted = case_ids.filter((id) => !refused.includes(id));
    return Promise.resolve({ tickets: Object.fromEntries(admitted.map((id) => [id, ticket(id)])) });
  });
  return { post, tickets: new Tickets({ get: vi.fn(), post } as unknown as Http) };
}

describe("tickets to media rooms", () => {
  it("fetches what is ordered together in one request", async () => {
    const { post, tickets } = desk();
    for (const id of ["a", "b", "c", "a"]) tickets.order(id);
    expect((await tickets.take("a")).token).toBe("a");
    expect((await tickets.take("c")).token).toBe("c");
    expect(post.mock.calls).toEqual([["/sessions/join", { case_ids: ["a", "b", "c"] }]]);
  });

  it("gives a ticket once: the next try fetches a fresh one", async () => {
    const { post, tickets } = desk();
    tickets.order("a");
    await tickets.take("a");
    expect((await tickets.take("a")).token).toBe("alone /sessions/a/join");
    expect(post).toHaveBeenCalledTimes(2);
  });

  it("asks alone for what was refused, so that the refusal is heard", async () => {
    const { post, tickets } = desk(["b"]);
    tickets.order("b");
    await tickets.take("b");
    expect(post.mock.calls.map(([path]) => path)).toEqual(["/sessions/join", "/sessions/b/join"]);
  });

  it("asks alone when the request for all has failed", async () => {
    const { post, tickets } = desk();
    post.mockImplementationOnce(() => Promise.reject(new Error("away")));
    tickets.order("a");
    expect((await tickets.take("a")).token).toBe("alone /sessions/a/join");
  });

  it("forgets what was ordered for a room that is left", async () => {
    const { post, tickets } = desk();
    tickets.order("a");
    tickets.cancel("a");
    await tickets.take("a");
    expect(post.mock.calls.at(-1)).toEqual(["/sessions/a/join"]);
  });

  it("takes a new request for what is ordered later", async () => {
    const { post, tickets } = desk();
    tickets.order("a");
    await tickets.take("a");
    tickets.order("b");
    await tickets.take("b");
    expect(post.mock.calls.map(([, body]) => body)).toEqual([{ case_ids: ["a"] }, { case_ids: ["b"] }]);
  });
});
