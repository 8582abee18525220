import type { QualificationKind } from "@tongtai/api-client";

/** Evidence of a person; everything else is the institution's. */
export const OF_PERSON: ReadonlySet<QualificationKind> = new Set([
  "physician_registration",
  "independent_practice",
  "training",
  "drill",
]);

/** Codes that the workflow asks for, offered first; a house may write others. */
export const CODES: Partial<Readonly<Record<QualificationKind, readonly string[]>>> = {
  licence_subject: ["oncology"],
  technique_filing: ["tumour_ablation", "seed_implantation"],
  radiation_licence: ["brachytherapy"],
  physician_registration: ["surgery", "internal_medicine", "medical_imaging", "oncology"],
  independent_practice: ["surgery", "internal_medicine", "medical_imaging", "oncology"],
  training: ["guided_ablation"],
  line_test: ["provider_a", "provider_b"],
};
