/** The server over HTTP, as the cores need it; the page's own requests go through `@tongtai/api-client`. */
import { ApiError, request } from "@tongtai/api-client";

export interface Http {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T>;
}

export const browserHttp: Http = {
  get: (path) => request("GET", path),
  post: (path, body = {}, signal = undefined) => request("POST", path, { body, ...(signal ? { signal } : {}) }),
};

const TRY_AGAIN: ReadonlySet<number> = new Set([0, 502, 503, 504]);

/** Whether the same request may succeed later without a change of ours. */
export function mayRetry(error: unknown): boolean {
  return error instanceof ApiError && TRY_AGAIN.has(error.status);
}
