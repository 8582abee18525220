/** A scale bar of a round length that fits into the wanted part of the picture. */
export interface ScaleBar {
  readonly lengthMm: number;
  readonly lengthPx: number;
}

const ROUND_LENGTHS_MM = [1, 2, 5, 10, 20, 50, 100, 200];

/** The longest round length that is at most `maxPx` on the screen; null when even 1 mm is longer. */
export function scaleBar(mmPerPx: number, maxPx: number): ScaleBar | null {
  if (!(mmPerPx > 0) || !Number.isFinite(mmPerPx)) return null;
  const lengthMm = ROUND_LENGTHS_MM.filter((length) => length / mmPerPx <= maxPx).at(-1);
  return lengthMm === undefined ? null : { lengthMm, lengthPx: lengthMm / mmPerPx };
}
