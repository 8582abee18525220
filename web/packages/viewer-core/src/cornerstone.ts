/** This file and `rendered.ts` alone know Cornerstone3D; everything above speaks of slices, windows and planes. */
import {
  cache,
  Enums,
  eventTarget,
  imageLoader,
  imageRetrievalPoolManager,
  init as initCore,
  RenderingEngine,
  setVolumesForViewports,
  type StackViewport,
  type Types,
  volumeLoader,
} from "@cornerstonejs/core";
import { init as initLoader, wadors } from "@cornerstonejs/dicom-image-loader";
import * as tools from "@cornerstonejs/tools";
import type { PictureRect } from "@tongtai/geometry";

import { codeOfStatus, ViewerError } from "./errors";
import type { SlicePixels } from "./paint";
import { registerRenderedLoader } from "./rendered";
import { type CtSlice, decoderMetadata } from "./series";
import { type DisplayWindow, windowRange } from "./windows";

export type DragTool = "scroll" | "window" | "length" | "pan" | "zoom";
export type Plane = "axial" | "coronal" | "sagittal";

export interface StackState {
  readonly index: number;
  readonly window: DisplayWindow;
  /** Millimetres per CSS pixel at the present zoom; null without spacing. */
  readonly mmPerPx: number | null;
  /** Where the whole picture lies in the viewport, CSS pixels; larger than it when enlarged. Null before it is shown. */
  readonly rect: PictureRect | null;
}

export interface StackView {
  /** Shows these slices, staying at the same slice, zoom and window when more have arrived. */
  setSlices(slices: readonly CtSlice[]): Promise<void>;
  /** Goes so many slices on (negative: back), also while the last move is still loading. */
  move(delta: number): Promise<void>;
  setWindow(window: DisplayWindow): void;
  setDragTool(tool: DragTool): void;
  /** Shifts the picture by so many CSS pixels. */
  pan(by: readonly [x: number, y: number]): void;
  zoom(factor: number): void;
  /** Leaves a length between two places of the viewport, CSS pixels. */
  measure(from: readonly [x: number, y: number], to: readonly [x: number, y: number]): void;
  clearMeasurements(): void;
  resetView(): void;
  resize(): void;
  destroy(): void;
}

export interface PlanesView {
  setWindow(window: DisplayWindow): void;
  scroll(plane: Plane, delta: number): void;
  resize(): void;
  destroy(): void;
}

const TOOLS = {
  scroll: tools.StackScrollTool,
  window: tools.WindowLevelTool,
  length: tools.LengthTool,
  pan: tools.PanTool,
  zoom: tools.ZoomTool,
} as const;
/**
 * Slices fetched side by side, of either kind. Browsers open six connections to a server that speaks HTTP/1.1:
 * what is left of them is for commands and reports, which would else wait until the whole series has come.
 */
export const PARALLEL_REQUESTS = 2;
let counter = 0;
let started: Promise<void> | null = null;

async function start(): Promise<void> {
  initCore();
  initLoader({ maxWebWorkers: Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1)) });
  registerRenderedLoader();
  tools.init();
  for (const tool of [...Object.values(TOOLS), tools.CrosshairsTool]) tools.addTool(tool);
  for (const type of [Enums.RequestType.Interaction, Enums.RequestType.Prefetch]) {
    imageRetrievalPoolManager.setMaxSimultaneousRequests(type, PARALLEL_REQUESTS);
  }
}

/** Prepares decoders and tools once per page. */
export const startEngine = (): Promise<void> => (started ??= Promise.resolve().then(start));

function nextId(kind: string): string {
  counter += 1;
  return `tongtai-${kind}-${counter}`;
}

function register(slices: readonly CtSlice[]): void {
  for (const slice of slices) {
    const metadata = decoderMetadata(slice) as never;
    wadors.metaDataManager.add(slice.imageId, metadata);
    // The attributes of a later frame are looked up by its first one.
    if (slice.frame > 1) wadors.metaDataManager.add(slice.imageId.replace(/\d+$/, "1"), metadata);
  }
}

/** The loader rejects with the request, an Error, or an object around one. */
export function asViewerError(cause: unknown): ViewerError {
  if (cause instanceof ViewerError) return cause;
  const inner = cause !== null && typeof cause === "object" && "error" in cause ? cause.error : cause;
  if (inner instanceof XMLHttpRequest && inner.status !== 200) {
    return new ViewerError(codeOfStatus(inner.status), `HTTP ${inner.status} ${inner.responseURL}`);
  }
  return new ViewerError("decode_failed", inner instanceof Error ? inner.message : String(inner));
}

/** Fetches and decodes one slice into the cache that the viewports use too. */
export async function loadSlicePixels(slice: CtSlice, urgent = true): Promise<SlicePixels> {
  await startEngine();
  register([slice]);
  try {
    const requestType = urgent ? Enums.RequestType.Interaction : Enums.RequestType.Prefetch;
    const image = await imageLoader.loadAndCacheImage(slice.imageId, { requestType, priority: urgent ? 0 : 5 });
    const scaled = image.preScale?.scaled === true;
    const components = image.color ? (image.numberOfComponents === 4 || image.rgba ? 4 : 3) : 1;
    const pixels = image.getPixelData();
    if (pixels.length < image.columns * image.rows * components) {
      throw new ViewerError("decode_failed", `${pixels.length} values for ${image.columns} × ${image.rows}`);
    }
    return {
      width: image.columns,
      height: image.rows,
      components,
      values: pixels,
      slope: scaled ? 1 : image.slope || 1,
      intercept: scaled ? 0 : image.intercept || 0,
      inverted: image.photometricInterpretation === "MONOCHROME1",
    };
  } catch (cause) {
    throw asViewerError(cause);
  }
}

function createToolGroup(id: string, viewportIds: readonly string[], engineId: string): tools.Types.IToolGroup {
  const group = tools.ToolGroupManager.createToolGroup(id);
  if (!group) throw new ViewerError("no_webgl", "tool group exists already");
  for (const tool of Object.values(TOOLS)) group.addTool(tool.toolName);
  for (const viewportId of viewportIds) group.addViewport(viewportId, engineId);
  return group;
}

function bindTools(group: tools.Types.IToolGroup, drag: DragTool): void {
  const { Primary, Secondary, Auxiliary, Wheel } = tools.Enums.MouseBindings;
  for (const [name, tool] of Object.entries(TOOLS)) {
    const bindings: tools.Types.IToolBinding[] = [];
    if (name === drag) bindings.push({ mouseButton: Primary }, { numTouchPoints: 1 });
    if (name === "scroll") bindings.push({ mouseButton: Wheel });
    if (name === "window" && drag !== "window") bindings.push({ mouseButton: Secondary });
    if (name === "pan") bindings.push({ mouseButton: Auxiliary });
    if (name === "zoom") bindings.push({ numTouchPoints: 2 });
    // Activating adds bindings to those that are there: the old ones must go first.
    group.setToolPassive(tool.toolName, { removeAllBindings: true });
    if (bindings.length > 0) group.setToolActive(tool.toolName, { bindings });
  }
}

function mmPerCssPixel(viewport: StackViewport): number | null {
  const [a, b] = [viewport.canvasToWorld([0, 0]), viewport.canvasToWorld([100, 0])];
  const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) / 100;
  return Number.isFinite(distance) && distance > 0 ? distance : null;
}

/** From outer corner to outer corner: a voxel's index is its middle. */
function rectOf(viewport: StackViewport): PictureRect | null {
  const { dimensions, imageData } = viewport.getImageData() ?? {};
  if (!dimensions || !imageData?.indexToWorld) return null;
  const { indexToWorld } = imageData;
  const [columns, rows] = dimensions;
  const corner = (i: number, j: number): Types.Point2 =>
    viewport.worldToCanvas(indexToWorld([i - 0.5, j - 0.5, 0]) as Types.Point3);
  const [left, top] = corner(0, 0);
  const [right, bottom] = corner(columns, rows);
  const rect = { left, top, width: right - left, height: bottom - top };
  return rect.width > 0 && rect.height > 0 ? rect : null;
}

function windowOf(viewport: StackViewport): DisplayWindow {
  const range = viewport.getProperties().voiRange ?? { lower: 0, upper: 255 };
  return { center: (range.lower + range.upper) / 2, width: range.upper - range.lower };
}

let shared: RenderingEngine | null = null;

/** One engine for the page: browsers give a page few WebGL contexts, and each engine takes several. */
export function sharedEngine(): RenderingEngine {
  try {
    return (shared ??= new RenderingEngine("tongtai"));
  } catch (cause) {
    throw new ViewerError("no_webgl", String(cause));
  }
}

export interface StackEvents {
  onState(state: StackState): void;
  onError(error: ViewerError): void;
}

export async function createStackView(element: HTMLDivElement, events: StackEvents): Promise<StackView> {
  await startEngine();
  const viewportId = nextId("stack");
  const engine = sharedEngine();
  engine.enableElement({ viewportId, element, type: Enums.ViewportType.STACK });
  const viewport = engine.getViewport(viewportId) as StackViewport;
  const group = createToolGroup(nextId("tools"), [viewportId], engine.id);
  bindTools(group, "scroll");
  let shown: readonly CtSlice[] = [];
  let window: DisplayWindow | null = null;
  let moving = 0;
  /** Changes the picture and puts the reader's window on it. */
  const change = async (load: () => Promise<unknown>): Promise<void> => {
    moving += 1;
    try {
      await load();
      if (window) viewport.setProperties({ voiRange: windowRange(window) });
      viewport.render();
    } finally {
      moving -= 1;
    }
    report();
  };

  const report = (): void => {
    if (shown.length === 0) return;
    const index = viewport.getCurrentImageIdIndex();
    const mmPerPx = shown[index]?.pixelSpacing === undefined ? null : mmPerCssPixel(viewport);
    events.onState({ index, window: windowOf(viewport), mmPerPx, rect: rectOf(viewport) });
  };
  const onVoi = (): void => {
    // A slice that comes brings the scanner's window with it; the reader's stays.
    if (moving > 0) return;
    window = windowOf(viewport);
    report();
  };
  const onFailed = (event: Event): void => {
    const { imageId, error } = (event as CustomEvent<{ imageId: string; error: unknown }>).detail;
    if (shown.some((slice) => slice.imageId === imageId)) events.onError(asViewerError(error));
  };
  const watched = [Enums.Events.STACK_NEW_IMAGE, Enums.Events.CAMERA_MODIFIED] as const;
  for (const name of watched) element.addEventListener(name, report);
  element.addEventListener(Enums.Events.VOI_MODIFIED, onVoi);
  eventTarget.addEventListener(Enums.Events.IMAGE_LOAD_ERROR, onFailed);

  return {
    async setSlices(slices) {
      const before = shown[viewport.getCurrentImageIdIndex()]?.imageId;
      const view = shown.length > 0 ? viewport.getViewPresentation() : null;
      register(slices);
      const kept = slices.findIndex(({ imageId }) => imageId === before);
      shown = slices;
      const imageIds = slices.map(({ imageId }) => imageId);
      await change(() => viewport.setStack(imageIds, kept >= 0 ? kept : Math.floor(slices.length / 2)));
      if (view && kept >= 0) viewport.setViewPresentation(view);
      viewport.render();
    },
    async move(delta) {
      const index = Math.max(0, Math.min(shown.length - 1, viewport.getTargetImageIdIndex() + delta));
      await change(() => viewport.setImageIdIndex(index));
    },
    setWindow(next) {
      window = next;
      if (shown.length === 0) return;
      viewport.setProperties({ voiRange: windowRange(next) });
      viewport.render();
      report();
    },
    setDragTool: (tool) => bindTools(group, tool),
    pan([dx, dy]) {
      const [x, y] = viewport.getPan();
      viewport.setPan([x + dx, y + dy]);
      viewport.render();
    },
    zoom(factor) {
      viewport.setZoom(viewport.getZoom() * factor);
      viewport.render();
    },
    measure(from, to) {
      const ends = [from, to].map(([x, y]) => viewport.canvasToWorld([x, y]));
      tools.LengthTool.hydrate(viewportId, ends);
    },
    clearMeasurements() {
      tools.annotation.state.removeAllAnnotations();
      viewport.render();
    },
    resetView() {
      viewport.resetCamera();
      viewport.render();
    },
    resize: () => engine.resize(true, true),
    destroy() {
      for (const name of watched) element.removeEventListener(name, report);
      element.removeEventListener(Enums.Events.VOI_MODIFIED, onVoi);
      eventTarget.removeEventListener(Enums.Events.IMAGE_LOAD_ERROR, onFailed);
      tools.ToolGroupManager.destroyToolGroup(group.id);
      engine.disableElement(viewportId);
    },
  };
}

const ORIENTATIONS: Readonly<Record<Plane, Enums.OrientationAxis>> = {
  axial: Enums.OrientationAxis.AXIAL,
  coronal: Enums.OrientationAxis.CORONAL,
  sagittal: Enums.OrientationAxis.SAGITTAL,
};

/** Three planes through one volume made from the slices; all slices must have a place in the patient. */
export async function createPlanesView(
  elements: Readonly<Record<Plane, HTMLDivElement>>,
  slices: readonly CtSlice[],
  window: DisplayWindow,
): Promise<PlanesView> {
  await startEngine();
  register(slices);
  const engine = sharedEngine();
  const ids = { axial: nextId("axial"), coronal: nextId("coronal"), sagittal: nextId("sagittal") };
  const planes = Object.keys(ids) as Plane[];
  for (const plane of planes) {
    engine.enableElement({
      viewportId: ids[plane],
      element: elements[plane],
      type: Enums.ViewportType.ORTHOGRAPHIC,
      defaultOptions: { orientation: ORIENTATIONS[plane] },
    });
  }
  const release = (): void => {
    for (const id of Object.values(ids)) engine.disableElement(id);
  };
  const viewportIds = Object.values(ids);
  const group = createToolGroup(nextId("tools"), viewportIds, engine.id);
  bindTools(group, "scroll");
  const volumeId = `cornerstoneStreamingImageVolume:${nextId("volume")}`;
  const setWindow = (next: DisplayWindow): void => {
    for (const plane of planes) {
      (engine.getViewport(ids[plane]) as Types.IVolumeViewport).setProperties({ voiRange: windowRange(next) });
    }
    engine.renderViewports(viewportIds);
  };
  try {
    const imageIds = slices.map(({ imageId }) => imageId);
    const volume = await volumeLoader.createAndCacheVolume(volumeId, { imageIds });
    await setVolumesForViewports(engine, [{ volumeId }], viewportIds);
    (volume as unknown as { load(): void }).load();
    setWindow(window);
  } catch (cause) {
    tools.ToolGroupManager.destroyToolGroup(group.id);
    release();
    throw asViewerError(cause);
  }
  return {
    setWindow,
    scroll: (plane, delta) => (engine.getViewport(ids[plane]) as Types.IVolumeViewport).scroll(delta),
    resize: () => engine.resize(true, true),
    destroy() {
      tools.ToolGroupManager.destroyToolGroup(group.id);
      release();
      cache.removeVolumeLoadObject(volumeId);
    },
  };
}
