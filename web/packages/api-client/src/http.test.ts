import { afterEach, describe, expect, it, vi } from "vitest";

import { ApiError, onSignedOut, request, setCsrfToken } from "./http";

function serverSays(status: number, body: unknown): void {
  vi.stubGlobal("fetch", vi.fn().mockResolvedValue(new Response(JSON.stringify(body), { status })));
}

function sentHeaders(): Record<string, string> {
  return (vi.mocked(fetch).mock.calls[0]?.[1]?.headers ?? {}) as Record<string, string>;
}

afterEach(() => {
  vi.unstubAllGlobals();
  setCsrfToken(undefined);
});

describe("request", () => {
  it("sends the CSRF token with what changes something, and only there", async () => {
    setCsrfToken("t0");
    serverSays(200, {});
    await request("POST", "/cases", { body: {} });
    expect(sentHeaders()["X-CSRF-Token"]).toBe("t0");
    serverSays(200, {});
    await request("GET", "/cases");
    expect(sentHeaders()["X-CSRF-Token"]).toBeUndefined();
  });

  it("gives the server's code and values to the caller", async () => {
    serverSays(404, {
      error: { code: "case_not_found", message: "There is no such case.", values: { case_id: "c1" } },
    });
    await expect(request("GET", "/cases/c1")).rejects.toMatchObject({
      status: 404,
      code: "case_not_found",
      values: { case_id: "c1" },
    });
  });

  it("tells everybody when nobody is signed in any more", async () => {
    const told = vi.fn();
    const stop = onSignedOut(told);
    const nobody = { error: { code: "not_signed_in", message: "" } };
    serverSays(401, nobody);
    await expect(request("GET", "/cases")).rejects.toBeInstanceOf(ApiError);
    stop();
    serverSays(401, nobody);
    await expect(request("GET", "/cases")).rejects.toBeInstanceOf(ApiError);
    expect(told).toHaveBeenCalledOnce();
  });

  it("says that the server cannot be reached when the connection fails", async () => {
    vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("failed")));
    await expect(request("GET", "/time")).rejects.toMatchObject({ status: 0, code: "unreachable" });
  });
});
