import { length, type PicturePlane } from "@tongtai/geometry";
import { isolines, smoothPixels, type Voxels } from "@tongtai/viewer-core/plan";
import { useMemo } from "react";

import { outlinePath } from "./overlay";

/** A dose in Gy and the shares of the prescription whose lines are wanted. */
export interface ShownDose {
  readonly voxels: Voxels<Float32Array>;
  readonly prescription_gy: number;
  readonly shares: readonly number[];
}

/** The isodoses of a plane as SVG paths in mm; beyond the dose grid there is no dose. */
export function useIsodoses(dose: ShownDose | undefined, plane: PicturePlane) {
  return useMemo(() => {
    if (!dose) return [];
    const values = smoothPixels(dose.voxels, plane, 0);
    const pixel_mm = { x: length(plane.stepX), y: length(plane.stepY) };
    return dose.shares.map((share) => ({
      share,
      path: outlinePath(isolines(values, plane.columns, share * dose.prescription_gy), pixel_mm),
    }));
  }, [dose, plane]);
}
