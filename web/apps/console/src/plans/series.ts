/** Which series of a case is best to plan on. */
import type { Series } from "@tongtai/api-client";

/** Fewer slices than this do not hold a liver. */
const FEWEST_SLICES = 20;
/** The portal venous phase shows lesion and vessels best; words as scanners write them. */
const PHASE_WORDS: readonly (readonly [RegExp, number])[] = [
  [/portal|venous|\bpv\b|门静?脉|静脉期/i, 3],
  [/delay|equilib|延迟|平衡/i, 2],
  [/arter|动脉/i, 1],
];
/** Pictures made from others: not evenly spaced slices of the patient. */
const DERIVED = /scout|topogram|localizer|locali[sz]er|surview|mip|\bmpr\b|screen|dose|report|定位/i;

const slicesOf = ({ instances, frames }: Series): number => Math.max(instances, frames);

export function canPlanOn(series: Series): boolean {
  return series.modality === "CT" && slicesOf(series) >= FEWEST_SLICES && !DERIVED.test(series.description);
}

const phaseRank = ({ description }: Series): number => PHASE_WORDS.find(([word]) => word.test(description))?.[1] ?? 0;

/** The best first: one that can be planned on, newest study, portal venous phase, most slices. */
export function bestFirst(all: readonly Series[]): Series[] {
  const usable = (series: Series): number => (canPlanOn(series) ? 1 : 0);
  return all
    .filter(({ modality }) => modality === "CT")
    .sort(
      (a, b) =>
        usable(b) - usable(a) ||
        b.study_date.localeCompare(a.study_date) ||
        phaseRank(b) - phaseRank(a) ||
        slicesOf(b) - slicesOf(a),
    );
}
