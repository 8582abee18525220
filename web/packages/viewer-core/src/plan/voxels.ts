/** A volume of voxels as a plan's files hold it: a JSON header and gzipped values beside it. */
import type { Matrix4, VolumeGrid } from "@tongtai/geometry";

import { codeOfStatus, ViewerError } from "../errors";

export interface Voxels<Values extends Int16Array | Uint8Array | Float32Array> extends VolumeGrid {
  readonly values: Values;
}

/** What both headers say of the grid. */
export interface GridHeader {
  readonly shape: readonly number[];
  readonly index_to_lps: Matrix4;
}

export type Progress = (received_bytes: number) => void;

async function answer(url: string, signal: AbortSignal | undefined): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "same-origin", ...(signal ? { signal } : {}) });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ViewerError("server_unreachable", String(cause));
  }
  if (!response.ok) throw new ViewerError(codeOfStatus(response.status), `HTTP ${response.status} ${url}`);
  return response;
}

/** The whole body; tells how much has come. */
export async function fetchBytes(
  url: string,
  signal?: AbortSignal,
  onProgress?: Progress,
): Promise<Uint8Array<ArrayBuffer>> {
  const { body } = await answer(url, signal);
  return collect(body ?? new Blob([]).stream(), onProgress);
}

export async function fetchJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await answer(url, signal);
  try {
    return (await response.json()) as T;
  } catch (cause) {
    throw new ViewerError("decode_failed", `${url}: ${String(cause)}`);
  }
}

async function collect(stream: ReadableStream<Uint8Array>, onProgress?: Progress): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let received = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    received += part.value.byteLength;
    onProgress?.(received);
  }
  const whole = new Uint8Array(received);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/** Unpacks gzip; the browser does it beside the page's own work. */
export async function gunzip(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await collect(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
  } catch (cause) {
    throw new ViewerError("decode_failed", `gzip: ${String(cause)}`);
  }
}

/** The grid of a header; refuses one that is not a volume. */
export function gridOf(header: GridHeader): VolumeGrid {
  const [k, j, i] = header.shape;
  if (header.shape.length !== 3 || !header.shape.every((count) => Number.isInteger(count) && count > 0)) {
    throw new ViewerError("decode_failed", `shape ${JSON.stringify(header.shape)}`);
  }
  return { shape: [k as number, j as number, i as number], indexToLps: header.index_to_lps };
}

function checked<Values extends Int16Array | Uint8Array | Float32Array>(
  grid: VolumeGrid,
  values: Values,
): Voxels<Values> {
  const [k, j, i] = grid.shape;
  if (values.length !== k * j * i) {
    throw new ViewerError("decode_failed", `${values.length} voxels for ${k} × ${j} × ${i}`);
  }
  return { ...grid, values };
}

/** Little-endian 16-bit values, which is what every machine that runs a browser has. */
export const greyVoxels = (header: GridHeader, bytes: Uint8Array<ArrayBuffer>): Voxels<Int16Array> =>
  checked(gridOf(header), new Int16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 2)));

export const labelVoxels = (header: GridHeader, bytes: Uint8Array<ArrayBuffer>): Voxels<Uint8Array> =>
  checked(gridOf(header), bytes);

/** Doses in Gy: little-endian 32-bit values. */
export const doseVoxels = (header: GridHeader, bytes: Uint8Array<ArrayBuffer>): Voxels<Float32Array> =>
  checked(gridOf(header), new Float32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4)));
