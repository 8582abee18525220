import { positionAlongNormalMm, type SlicePlacement } from "@tongtai/geometry";

import { codeOfStatus, ViewerError } from "./errors";
import type { DisplayWindow } from "./windows";

/** One attribute of the DICOM JSON model (PS3.18 annex F). */
export interface DicomJsonAttribute {
  readonly vr: string;
  readonly Value?: readonly unknown[];
}
export type DicomJson = Readonly<Record<string, DicomJsonAttribute>>;

/** One picture of a series: a whole CT slice, or one frame of a multi-frame object. */
export interface CtSlice extends SlicePlacement {
  readonly sopUid: string;
  /** From 1, as DICOM counts frames. */
  readonly frame: number;
  readonly imageId: string;
  readonly instanceNumber: number;
  /** The acquisition's number within its series; empty when the header does not say. */
  readonly acquisition: string;
  readonly columns: number;
  readonly rows: number;
  readonly modality: string;
  readonly colour: boolean;
  /** The window that the scanner proposes; colour has none. */
  readonly window: DisplayWindow | null;
  /** "HH:MM:SS" as the scanner's clock had it. */
  readonly time: string | null;
  readonly metadata: DicomJson;
}

const SAME_PLACE_MM = 0.01;

/** Scheme of the image ids of frames that are fetched as pictures. */
export const RENDERED_SCHEME = "rendered";

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
  acquisitionNumber: "00200012",
  instanceNumber: "00200013",
  position: "00200032",
  orientation: "00200037",
  frames: "00280008",
  rows: "00280010",
  columns: "00280011",
  pixelSpacing: "00280030",
  photometric: "00280004",
  samples: "00280002",
  planar: "00280006",
  bitsAllocated: "00280100",
  bitsStored: "00280101",
  highBit: "00280102",
  representation: "00280103",
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

/** Colour comes from the server as a picture: palettes, half chroma and colour models are resolved there. */
const isColour = (metadata: DicomJson): boolean =>
  !(text(metadata, TAG.photometric) ?? "MONOCHROME2").startsWith("MONOCHROME");

/** What the server's picture of a colour frame is, whatever the frame is stored as. */
const AS_RENDERED: DicomJson = {
  [TAG.samples]: { vr: "US", Value: [3] },
  [TAG.photometric]: { vr: "CS", Value: ["RGB"] },
  [TAG.planar]: { vr: "US", Value: [0] },
  [TAG.bitsAllocated]: { vr: "US", Value: [8] },
  [TAG.bitsStored]: { vr: "US", Value: [8] },
  [TAG.highBit]: { vr: "US", Value: [7] },
  [TAG.representation]: { vr: "US", Value: [0] },
};

/** The attributes for the decoder. A window without width (a real scanner's "0") would turn grey upside down. */
export function decoderMetadata(slice: CtSlice): DicomJson {
  const rest: Record<string, DicomJsonAttribute> = { ...slice.metadata, ...(slice.colour ? AS_RENDERED : {}) };
  if (slice.window === null) {
    Reflect.deleteProperty(rest, TAG.windowCenter);
    Reflect.deleteProperty(rest, TAG.windowWidth);
  }
  return rest;
}

const seriesUrl = ({ root, studyUid, seriesUid }: SeriesAddress): string =>
  `${root}/studies/${studyUid}/series/${seriesUid}`;

/** Address of the pixels of one frame: grey as stored for the decoders, colour as the server's picture. */
export const frameImageId = (address: SeriesAddress, sopUid: string, frame: number, colour = false): string =>
  `${colour ? RENDERED_SCHEME : "wadors"}:${seriesUrl(address)}/instances/${sopUid}/frames/${frame}`;

/** The picture's address from an image id. */
export const renderedUrl = (imageId: string): string => `${imageId.slice(RENDERED_SCHEME.length + 1)}/rendered`;

/** The pictures of one instance; an instance without rows, columns or UID (a report, a broken file) has none. */
export function slicesOfInstance(address: SeriesAddress, metadata: DicomJson): CtSlice[] {
  const sopUid = text(metadata, TAG.sopInstanceUid);
  const rows = numbersOf(metadata, TAG.rows)?.[0] ?? 0;
  const columns = numbersOf(metadata, TAG.columns)?.[0] ?? 0;
  if (sopUid === null || rows < 1 || columns < 1) return [];
  const colour = isColour(metadata);
  const frames = Math.max(1, numbersOf(metadata, TAG.frames)?.[0] ?? 1);
  return Array.from({ length: frames }, (_, index) => ({
    sopUid,
    frame: index + 1,
    imageId: frameImageId(address, sopUid, index + 1, colour),
    instanceNumber: numbersOf(metadata, TAG.instanceNumber)?.[0] ?? 0,
    acquisition: String(values(metadata, TAG.acquisitionNumber)[0] ?? ""),
    columns,
    rows,
    modality: text(metadata, TAG.modality) ?? "OT",
    colour,
    window: colour ? null : scannerWindow(metadata),
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

/**
 * The slices of each acquisition, where acquisitions cover the same part of the patient; else all of them as one stack.
 *
 * Phases of a contrast series lie over one another and must not be mixed; turns of a gantry lie one behind the other.
 */
export function stacksOf(slices: readonly CtSlice[]): readonly (readonly CtSlice[])[] {
  const parts = new Map<string, CtSlice[]>();
  for (const slice of slices) {
    const part = parts.get(slice.acquisition);
    if (part) part.push(slice);
    else parts.set(slice.acquisition, [slice]);
  }
  if (parts.size < 2 || parts.has("") || !slices.every(isPlaced)) return [slices];
  const ranges = [...parts.values()].map((part) => {
    const along = part.map(positionAlongNormalMm);
    return { first: Math.min(...along), last: Math.max(...along) };
  });
  ranges.sort((a, b) => a.first - b.first);
  const apart = ranges.every(
    ({ first }, index) => index === 0 || first - (ranges[index - 1]?.last ?? 0) > SAME_PLACE_MM,
  );
  if (apart) return [slices];
  return [...parts].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })).map(([, part]) => part);
}

/** Head to feet as radiologists scroll, one acquisition after the other; slices without a place by their number. */
export function inReadingOrder(slices: readonly CtSlice[]): CtSlice[] {
  const sorted = [...slices];
  if (slices.length > 0 && slices.every(isPlaced)) {
    const along = new Map(slices.map((slice) => [slice, positionAlongNormalMm(slice)]));
    return stacksOf(sorted).flatMap((stack) =>
      [...stack].sort((a, b) => (along.get(b) ?? 0) - (along.get(a) ?? 0) || a.frame - b.frame),
    );
  }
  return sorted.sort((a, b) => a.instanceNumber - b.instanceNumber || a.frame - b.frame);
}

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
  return inReadingOrder(slices);
}
