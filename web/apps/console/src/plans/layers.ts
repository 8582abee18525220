/** Structures in groups that are shown and hidden together, in the planes and in three dimensions. */
import type { AnyPlanDocument } from "@tongtai/api-client";
import type { ShownStructure } from "@tongtai/react/plan";
import { rgbOf } from "@tongtai/viewer-core/plan";

import type { LabelEntry } from "./volumes";

export const LAYERS = ["tumour", "zone", "needles", "seeds", "vessels", "liver", "organs", "bone", "skin"] as const;
export type Layer = (typeof LAYERS)[number];
/** Needles that burn leave no seeds. */
export const ABLATION_LAYERS: readonly Layer[] = LAYERS.filter((layer) => layer !== "seeds");

const GROUPS: readonly (readonly [RegExp, Layer])[] = [
  [/^(zones?|prescription_isodose)$/, "zone"],
  [/^(needle|N\d)/, "needles"],
  [/^seeds$/, "seeds"],
  [/lesion|tumou?r|target/, "tumour"],
  [/vessel|vein|vena|artery|aorta|portal|hepatic_v/, "vessels"],
  [/^liver/, "liver"],
  [/bone|rib|vertebra|spine|sternum|hip|sacrum|scapula|clavicula|humerus|femur/, "bone"],
  [/^(body|skin)$/, "skin"],
];

export const layerOf = (name: string): Layer => GROUPS.find(([words]) => words.test(name))?.[1] ?? "organs";

const FILL_OPACITY: Readonly<Partial<Record<Layer, number>>> = { tumour: 0.4, vessels: 0.25, organs: 0.12 };

/** The structures of the layers that are on; the tumour that is planned for has the stronger line. */
export function structuresOf(
  entries: readonly LabelEntry[],
  plan: AnyPlanDocument,
  on: ReadonlySet<Layer>,
): ShownStructure[] {
  return entries.flatMap(({ value, name, colour }) => {
    const layer = layerOf(name);
    if (!on.has(layer)) return [];
    const opacity = FILL_OPACITY[layer];
    const fill = opacity === undefined ? null : { rgb: rgbOf(colour), opacity };
    return { value, colour, fill, strong: name === plan.target.tumour };
  });
}
