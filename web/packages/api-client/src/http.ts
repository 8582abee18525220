/** What the server says when it refuses: `{"error": {"code", "message", "values"}}`. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly values: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** Codes that no server sends: the request did not get there, or the answer made no sense. */
export const UNREACHABLE = "unreachable";
const UNEXPECTED = "unexpected_answer";

let csrfToken: string | undefined;
const signedOutListeners = new Set<() => void>();

/** Kept in memory only: a script from elsewhere cannot read it from a cookie or a store. */
export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

export function csrfHeaders(): Record<string, string> {
  return csrfToken === undefined ? {} : { "X-CSRF-Token": csrfToken };
}

/** Calls back whenever the server says that nobody is signed in, e.g. after a revocation. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export function errorFrom(status: number, body: unknown): ApiError {
  const error = (body as { error?: { code?: string; message?: string; values?: Record<string, unknown> } } | null)
    ?.error;
  const failure = new ApiError(status, error?.code ?? UNEXPECTED, error?.message ?? `HTTP ${status}`, error?.values);
  if (failure.code === "not_signed_in") for (const listener of signedOutListeners) listener();
  return failure;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly signal?: AbortSignal;
}

function queryText(query: RequestOptions["query"]): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== "");
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}

/** One JSON request to our server; throws `ApiError` for every answer that is not a success. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const headers: Record<string, string> = method === "GET" ? {} : csrfHeaders();
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(`/api${path}${queryText(options.query)}`, {
      method,
      headers,
      credentials: "same-origin",
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError(0, UNREACHABLE, "The server cannot be reached.");
  }
  const text = await response.text();
  let answer: unknown = null;
  try {
    answer = text === "" ? null : JSON.parse(text);
  } catch {
    if (response.ok) throw new ApiError(response.status, UNEXPECTED, "The answer is not JSON.");
  }
  if (!response.ok) throw errorFrom(response.status, answer);
  return answer as T;
}
