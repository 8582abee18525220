/** Colour frames as the server's pictures, in the form that Cornerstone's viewports want. */
import { imageLoader, type Types, utilities } from "@cornerstonejs/core";

import { codeOfStatus, ViewerError } from "./errors";
import { withoutAlpha } from "./paint";
import { RENDERED_SCHEME, renderedUrl } from "./series";

const MIDDLE = 128;
const LEVELS = 256;

async function fetchPicture(url: string, signal: AbortSignal): Promise<ImageData> {
  let response: Response;
  try {
    const headers = { Accept: "image/jpeg, image/png" };
    response = await fetch(url, { credentials: "same-origin", headers, signal });
  } catch (cause) {
    throw new ViewerError("server_unreachable", String(cause));
  }
  if (!response.ok) {
    // Damage that the server names is the picture's, not the server's.
    const code = response.status === 422 ? "decode_failed" : codeOfStatus(response.status);
    throw new ViewerError(code, `HTTP ${response.status} ${url}`);
  }
  // The colours are what the machine drew: no profile may change them.
  const bitmap = await createImageBitmap(await response.blob(), { colorSpaceConversion: "none" });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new ViewerError("decode_failed", "no 2D canvas");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function imageOf(imageId: string, { width, height, data }: ImageData): Types.IImage {
  const scalarData = withoutAlpha(data);
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    width,
    height,
    numberOfComponents: 3,
    scalarData,
  });
  return {
    imageId,
    width,
    height,
    columns: width,
    rows: height,
    color: true,
    rgba: false,
    numberOfComponents: 3,
    photometricInterpretation: "RGB",
    dataType: "Uint8Array",
    minPixelValue: 0,
    maxPixelValue: LEVELS - 1,
    slope: 1,
    intercept: 0,
    windowCenter: MIDDLE,
    windowWidth: LEVELS,
    voiLUTFunction: undefined,
    invert: false,
    sizeInBytes: scalarData.byteLength,
    columnPixelSpacing: undefined,
    rowPixelSpacing: undefined,
    voxelManager,
    getPixelData: () => scalarData,
    getCanvas: undefined,
  } as unknown as Types.IImage;
}

/** Teaches Cornerstone the scheme; once per page. */
export function registerRenderedLoader(): void {
  imageLoader.registerImageLoader(RENDERED_SCHEME, (imageId: string) => {
    const stop = new AbortController();
    return {
      promise: fetchPicture(renderedUrl(imageId), stop.signal).then((picture) => imageOf(imageId, picture)),
      cancelFn: () => stop.abort(),
    };
  });
}
