/** The plot of dose-volume histograms: which curves, and where a dose and a share lie. */
import type { SeedHistogram, SeedPlanDocument } from "@tongtai/api-client";

export const DVH_SIZE = { width: 640, height: 320, left: 56, right: 628, top: 10, bottom: 276 } as const;
/** The plot ends at three prescriptions. */
export const MOST_SHARE = 3;
export const DVH_COLOURS = ["#ffd400", "#ff8b84", "#4aa8ff", "#3fb97f", "#c28bff", "#ff9d5c"] as const;

/** Where a dose lies, as a share of the prescription. */
export const dvhX = (share: number): number => DVH_SIZE.left + (share / MOST_SHARE) * (DVH_SIZE.right - DVH_SIZE.left);
export const dvhY = (share: number): number => DVH_SIZE.bottom - share * (DVH_SIZE.bottom - DVH_SIZE.top);

export function dvhPath(dose_gy: readonly number[], share: readonly number[], prescription_gy: number): string {
  const points = dose_gy.flatMap((dose, index) => {
    const of = dose / prescription_gy;
    return of > MOST_SHARE ? [] : [`${dvhX(of).toFixed(1)} ${dvhY(share[index] ?? 0).toFixed(1)}`];
  });
  return points.length === 0 ? "" : `M${points.join("L")}`;
}

/** The target first, then the organs that get most. */
export function dvhLines({ doses }: SeedPlanDocument): SeedHistogram[] {
  if (!doses) return [];
  const wanted = ["target", ...doses.organs.map(({ name }) => name)].slice(0, DVH_COLOURS.length);
  return wanted.flatMap((name) => doses.histograms.filter(({ structure }) => structure === name));
}
