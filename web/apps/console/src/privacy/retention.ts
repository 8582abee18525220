import type { ImpactAssessment } from "@tongtai/api-client";

/** A draft, or an assessment whose last day of keeping is over: the server refuses every other (PIPL 56: three years). */
export const isDeletable = ({ kept_until }: Pick<ImpactAssessment, "kept_until">, today: string): boolean =>
  kept_until === null || kept_until < today;
