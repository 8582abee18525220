/** What the first slice would wait for, done while a CT is awaited: decoder, graphics, and the graphics' programs. */
import { Enums, imageLoader, type StackViewport } from "@cornerstonejs/core";
import { decodeImageFrame } from "@cornerstonejs/dicom-image-loader";

import { sharedEngine, startEngine } from "./cornerstone";

const SIDE = 16;
const NAME = "tongtai-warm-up";
/** One pixel, as a scanner writes it. */
const ONE_PIXEL = {
  ...{ rows: 1, columns: 1, samplesPerPixel: 1, planarConfiguration: 0, photometricInterpretation: "MONOCHROME2" },
  ...{ bitsAllocated: 16, bitsStored: 16, pixelRepresentation: 0 },
};

async function decodeOnePixel(): Promise<void> {
  const options = { preScale: { enabled: false } };
  await decodeImageFrame(ONE_PIXEL as never, "1.2.840.10008.1.2.1", new Uint8Array(2), null as never, options, {});
}

/** Draws an empty picture that nobody sees: the graphics' programs are compiled with the first one. */
async function drawUnseen(): Promise<void> {
  const element = document.createElement("div");
  element.style.cssText = `position:fixed;left:-99px;top:0;width:${SIDE}px;height:${SIDE}px`;
  document.body.append(element);
  const engine = sharedEngine();
  try {
    engine.enableElement({ viewportId: NAME, element, type: Enums.ViewportType.STACK });
    const picture = { scalarData: new Int16Array(SIDE * SIDE), dimensions: [SIDE, SIDE], spacing: [1, 1] };
    imageLoader.createAndCacheLocalImage(NAME, picture as never);
    await (engine.getViewport(NAME) as StackViewport).setStack([NAME]);
  } finally {
    engine.disableElement(NAME);
    element.remove();
  }
}

let warm: Promise<void> | null = null;

/** Done once for a page. */
export const warmUp = (): Promise<void> =>
  (warm ??= startEngine().then(async () => void (await Promise.all([decodeOnePixel(), drawUnseen()]))));
