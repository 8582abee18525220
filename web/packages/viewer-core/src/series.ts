import { positionAlongNormalMm, type SlicePlacement } from "@tongtai/geometry";

import { codeOfStatus, ViewerError } from "./errors";
import type { DisplayWindow } from "./windows";

/** One attribute of the DICOM JSON model (PS3.18 annex F). */
export interface DicomJsonAttribute {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  /** Base64 of little-endian bytes, for attributes such as palettes. */
  readonly InlineBinary?: string;
}
export type DicomJson = Readonly<Record<string, DicomJsonAttribute>>;

/** One picture of a series: a whole CT slice, or one frame of a multi-frame object. */
export interface CtSlice extends SlicePlacement {
  readonly sopUid: string;
  /** From 1, as DICOM counts frames. */
  readonly frame: number;
  readonly imageId: string;
  readonly instanceNumber: number;
  readonly columns: number;
  readonly rows: number;
  readonly modality: string;
  /** The window that the scanner proposes. */
  readonly window: DisplayWindow | null;
  /** "HH:MM:SS" as the scanner's clock had it. */
  readonly time: string | null;
  readonly metadata: DicomJson;
}

export interface SeriesAddress {
  /** For example `/api/cases/{id}/dicomweb`. */
  readonly root: string;
  readonly studyUid: string;
  readonly seriesUid: string;
}

const TAG = {
  acquisitionTime: "00080032",
  contentTime: "00080033",
  modality: "00080060",
  sopInstanceUid: "00080018",
  instanceNumber: "00200013",
  position: "00200032",
  orientation: "00200037",
  frames: "00280008",
  rows: "00280010",
  columns: "00280011",
  pixelSpacing: "00280030",
  photometric: "00280004",
  palettes: ["00281201", "00281202", "00281203"],
  windowCenter: "00281050",
  windowWidth: "00281051",
} as const;

const values = (metadata: DicomJson, tag: string): readonly unknown[] => metadata[tag]?.Value ?? [];
const text = (metadata: DicomJson, tag: string): string | null => {
  const [first] = values(metadata, tag);
  return typeof first === "string" && first !== "" ? first : null;
};
const numbersOf = (metadata: DicomJson, tag: string): number[] | undefined => {
  const all = values(metadata, tag).map(Number);
  return all.length > 0 && all.every(Number.isFinite) ? all : undefined;
};

function clockTime(metadata: DicomJson): string | null {
  const raw = text(metadata, TAG.acquisitionTime) ?? text(metadata, TAG.contentTime);
  const match = /^(\d{2})(\d{2})(\d{2})?/.exec(raw ?? "");
  return match ? `${match[1]}:${match[2]}:${match[3] ?? "00"}` : null;
}

function scannerWindow(metadata: DicomJson): DisplayWindow | null {
  const center = numbersOf(metadata, TAG.windowCenter)?.[0];
  const width = numbersOf(metadata, TAG.windowWidth)?.[0];
  return center !== undefined && width !== undefined && width >= 1 ? { center, width } : null;
}

/** The 16-bit words of a palette, which the server sends as bytes and the decoder wants as numbers. */
function paletteWords(attribute: DicomJsonAttribute): DicomJsonAttribute {
  if (attribute.InlineBinary === undefined) return attribute;
  const bytes = Uint8Array.from(atob(attribute.InlineBinary), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const words = Array.from({ length: bytes.length >> 1 }, (_, index) => view.getUint16(index * 2, true));
  return { vr: attribute.vr, Value: words };
}

/**
 * The attributes for the decoder. A window without width (a real scanner's "0") is left out: it would turn grey
 * upside down. Palettes become numbers.
 */
export function decoderMetadata(slice: CtSlice): DicomJson {
  const rest: Record<string, DicomJsonAttribute> = { ...slice.metadata };
  if (slice.window === null) {
    Reflect.deleteProperty(rest, TAG.windowCenter);
    Reflect.deleteProperty(rest, TAG.windowWidth);
  }
  for (const tag of TAG.palettes) if (rest[tag]) rest[tag] = paletteWords(rest[tag]);
  return rest;
}

const seriesUrl = ({ root, studyUid, seriesUid }: SeriesAddress): string =>
  `${root}/studies/${studyUid}/series/${seriesUid}`;

/** Address of the pixels of one frame in the form the decoder wants. */
export const frameImageId = (address: SeriesAddress, sopUid: string, frame: number): string =>
  `wadors:${seriesUrl(address)}/instances/${sopUid}/frames/${frame}`;

/** The pictures of one instance; an instance without rows, columns or UID (a report, a broken file) has none. */
export function slicesOfInstance(address: SeriesAddress, metadata: DicomJson): CtSlice[] {
  const sopUid = text(metadata, TAG.sopInstanceUid);
  const rows = numbersOf(metadata, TAG.rows)?.[0] ?? 0;
  const columns = numbersOf(metadata, TAG.columns)?.[0] ?? 0;
  if (sopUid === null || rows < 1 || columns < 1) return [];
  const frames = Math.max(1, numbersOf(metadata, TAG.frames)?.[0] ?? 1);
  return Array.from({ length: frames }, (_, index) => ({
    sopUid,
    frame: index + 1,
    imageId: frameImageId(address, sopUid, index + 1),
    instanceNumber: numbersOf(metadata, TAG.instanceNumber)?.[0] ?? 0,
    columns,
    rows,
    modality: text(metadata, TAG.modality) ?? "OT",
    window: scannerWindow(metadata),
    time: clockTime(metadata),
    imagePositionPatient: numbersOf(metadata, TAG.position),
    imageOrientationPatient: numbersOf(metadata, TAG.orientation),
    pixelSpacing: numbersOf(metadata, TAG.pixelSpacing),
    metadata,
  }));
}

/** Whether a slice can be placed in the patient; without that there are no marks, no scale and no other planes. */
export function isPlaced(slice: SlicePlacement): boolean {
  try {
    positionAlongNormalMm(slice);
    return slice.pixelSpacing?.length === 2;
  } catch {
    return false;
  }
}

/** Head to feet as radiologists scroll; slices without a place follow their instance number. */
export function inReadingOrder(slices: readonly CtSlice[]): CtSlice[] {
  const sorted = [...slices];
  if (slices.length > 0 && slices.every(isPlaced)) {
    const along = new Map(slices.map((slice) => [slice, positionAlongNormalMm(slice)]));
    return sorted.sort((a, b) => (along.get(b) ?? 0) - (along.get(a) ?? 0) || a.frame - b.frame);
  }
  return sorted.sort((a, b) => a.instanceNumber - b.instanceNumber || a.frame - b.frame);
}

/** A palette picture whose palette is not in the attributes: the decoder would wait for it for ever. */
const lacksPalette = ({ metadata }: CtSlice): boolean =>
  text(metadata, TAG.photometric) === "PALETTE COLOR" && TAG.palettes.some((tag) => !metadata[tag]);

async function readJson(response: Response): Promise<unknown> {
  if (response.status === 204) return [];
  try {
    return await response.json();
  } catch (cause) {
    throw new ViewerError("not_dicom_json", String(cause));
  }
}

/** All pictures of a series that the server has now, in reading order. */
export async function loadSeries(address: SeriesAddress, signal?: AbortSignal): Promise<CtSlice[]> {
  const url = `${seriesUrl(address)}/metadata`;
  let response: Response;
  try {
    response = await fetch(url, {
      credentials: "same-origin",
      headers: { Accept: "application/dicom+json" },
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ViewerError("server_unreachable", String(cause));
  }
  if (!response.ok) throw new ViewerError(codeOfStatus(response.status), `${response.status} ${url}`);
  const body = await readJson(response);
  if (!Array.isArray(body)) throw new ViewerError("not_dicom_json", url);
  const slices = (body as DicomJson[]).flatMap((metadata) => slicesOfInstance(address, metadata));
  if (slices.some(lacksPalette)) throw new ViewerError("no_palette", url);
  return inReadingOrder(slices);
}
