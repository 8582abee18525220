import {
  ApiError,
  imagingApi,
  type ImagePush,
  type PushedFile,
  type ReceivedFiles,
  uploadFile,
} from "@tongtai/api-client";

import type { ChosenFile } from "./collect";

const PARALLEL = 3;
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 1_000;
/** Larger files go without a hash of ours: hashing needs the whole file in memory. The server hashes anyway. */
const HASH_LIMIT_BYTES = 64 * 2 ** 20;

export interface PushProgress {
  readonly files: number;
  readonly done: number;
  readonly bytes: number;
  readonly sentBytes: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly PushedFile[];
}

/** How the push reaches the server; a test gives its own. */
export interface PushTransport {
  start(declaredFiles: number): Promise<{ push_id: string }>;
  send(pushId: string, file: ChosenFile, signal: AbortSignal, onSent: (bytes: number) => void): Promise<ReceivedFiles>;
  finish(pushId: string): Promise<ImagePush>;
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

async function sha256Of(content: Blob): Promise<string | undefined> {
  // crypto.subtle exists on https and localhost only.
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined || content.size > HASH_LIMIT_BYTES) return undefined;
  const digest = await subtle.digest("SHA-256", await content.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function serverTransport(caseId: string): PushTransport {
  return {
    start: (declaredFiles) => imagingApi.start(caseId, declaredFiles),
    send: async (pushId, { name, content }, signal, onProgress) =>
      uploadFile({ caseId, pushId, name, content, sha256: await sha256Of(content), signal, onProgress }),
    finish: (pushId) => imagingApi.finish(caseId, pushId),
    wait: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, milliseconds);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(new DOMException("The upload was cancelled.", "AbortError"));
        });
      }),
  };
}

function worthRetrying(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 502);
}

/**
 * Pushes files into a case, a few at a time, each again after a cut of the connection.
 *
 * A file that the server refuses does not stop the others. Files that arrived before a cancellation stay:
 * pushing the same folder again skips them as duplicates.
 */
export class ImagingPush {
  private readonly stop = new AbortController();
  private readonly sent = new Map<ChosenFile, number>();
  private progress: PushProgress;

  constructor(
    private readonly files: readonly ChosenFile[],
    private readonly transport: PushTransport,
    private readonly onProgress: (progress: PushProgress) => void,
  ) {
    const bytes = files.reduce((sum, { content }) => sum + content.size, 0);
    this.progress = { files: files.length, done: 0, bytes, sentBytes: 0, accepted: 0, duplicates: 0, rejected: [] };
  }

  cancel(): void {
    this.stop.abort();
  }

  async run(): Promise<ImagePush> {
    this.report({});
    const { push_id: pushId } = await this.transport.start(this.files.length);
    const queue = this.files.values();
    // Every lane takes the next file from the one queue, and the first failure stops the others.
    const lane = async () => {
      for (const file of queue) await this.one(pushId, file);
    };
    try {
      await Promise.all(Array.from({ length: PARALLEL }, lane));
    } catch (error) {
      this.stop.abort();
      // What arrived is kept and the push is closed, so that no page waits for more of it.
      await this.transport.finish(pushId).catch(() => undefined);
      throw error;
    }
    return this.transport.finish(pushId);
  }

  private async one(pushId: string, file: ChosenFile): Promise<void> {
    this.stop.signal.throwIfAborted();
    try {
      this.count(file, await this.withRetries(pushId, file));
    } catch (error) {
      const refused = error instanceof ApiError && error.status >= 400 && error.status < 500 && !fatal(error);
      if (!refused) throw error;
      const named = { name: file.name, code: error.code, message: error.message };
      this.count(file, { accepted: [], rejected: [named], quarantined: [], duplicates: 0 });
    }
  }

  private async withRetries(pushId: string, file: ChosenFile): Promise<ReceivedFiles> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.transport.send(pushId, file, this.stop.signal, (bytes) => {
          this.sent.set(file, bytes);
          this.report({});
        });
      } catch (error) {
        if (attempt === ATTEMPTS || !worthRetrying(error)) throw error;
        await this.transport.wait(FIRST_WAIT_MS * 2 ** (attempt - 1), this.stop.signal);
      }
    }
  }

  private count(file: ChosenFile, received: ReceivedFiles): void {
    this.sent.set(file, file.content.size);
    this.report({
      done: this.progress.done + 1,
      accepted: this.progress.accepted + received.accepted.length,
      duplicates: this.progress.duplicates + received.duplicates,
      rejected: [...this.progress.rejected, ...received.rejected],
    });
  }

  private report(change: Partial<PushProgress>): void {
    const sentBytes = [...this.sent.values()].reduce((sum, bytes) => sum + bytes, 0);
    this.progress = { ...this.progress, ...change, sentBytes: Math.min(sentBytes, this.progress.bytes) };
    this.onProgress(this.progress);
  }
}

/** Refusals that concern the push and not this file: no other file would fare better. */
function fatal(error: ApiError): boolean {
  return [401, 403, 404, 409, 429].includes(error.status);
}
