import createClient from "openapi-fetch";

import { ApiError, csrfHeaders, errorFrom, UNREACHABLE } from "./http";
import type { paths } from "./schema";

/** Every path, parameter and body is checked against the server's OpenAPI document when this compiles. */
export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin,
  credentials: "same-origin",
  // Looked up at each call, so that a page or a test can replace it.
  fetch: (request) => globalThis.fetch(request),
});

client.use({
  onRequest({ request }) {
    if (request.method === "GET") return;
    for (const [name, value] of Object.entries(csrfHeaders())) request.headers.set(name, value);
  },
});

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The answer's body; throws `ApiError` for every answer that is not a success. */
export async function answered<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (cause) {
    // A body that is not JSON is a fault of the server; everything else never reached it.
    if (cause instanceof SyntaxError) throw errorFrom(0, null);
    throw new ApiError(0, UNREACHABLE, "The server cannot be reached.");
  }
  if (!answer.response.ok) throw errorFrom(answer.response.status, answer.error);
  return answer.data as T;
}

export interface SentFile {
  /** As the server names it. */
  readonly name: string;
  readonly content: Blob;
}

/** A file that the server makes when it is asked to; its name stands in the answer's head. */
export async function sentFile(call: Promise<Answer<unknown>>): Promise<SentFile> {
  let response: Response | undefined;
  const content = await answered(
    call.then((answer) => {
      response = answer.response;
      return answer;
    }),
  );
  const name = /filename="?(?<name>[^";]+)"?/.exec(response?.headers.get("content-disposition") ?? "")?.groups?.name;
  return { name: name ?? "download", content: content as Blob };
}
