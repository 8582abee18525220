/** Plans as the server's pages see them; the plan itself is typed from its published schema. */
import type { components } from "./planSchema";

type PlanSchemas = components["schemas"];

/** `plan.json`. */
export type PlanDocument = PlanSchemas["Plan"];
export type PlanAlternative = PlanSchemas["Alternative"];
export type PlannedNeedle = PlanSchemas["PlannedNeedle"];
export type PlannedPosition = PlanSchemas["PlannedPosition"];
export type PlanReach = PlanSchemas["ReachFound"];
export type PlanHeat = PlanSchemas["HeatFound"];
export type PlanWarning = PlanSchemas["Warned"];
export type PlanStructure = PlanSchemas["StructureUsed"];

export type PlanTechnique = "rfa" | "mwa";
export type PlanState = "draft" | "reviewed" | "approved" | "superseded";
export type PlanLanguage = "zh" | "en";

export interface PlanPerson {
  readonly user_id: string;
  readonly name: string;
  readonly name_en: string;
}

export interface PlanSummary {
  readonly id: string;
  readonly version: number;
  readonly state: PlanState;
  readonly outcome: "planned" | "no_safe_path";
  readonly technique: PlanTechnique;
  readonly device: string;
  readonly by_hand: boolean;
  readonly series_uid: string;
  readonly series_description: string;
  readonly tumour_number: number;
  readonly tumour_ml: number;
  readonly margin_mm: number;
  readonly needles: number;
  readonly positions: number;
  readonly energy_time_min: number;
  readonly tumour_coverage: number;
  readonly target_coverage: number;
  readonly minimum_margin_mm: number | null;
  readonly probability: number | null;
  readonly warnings: number;
  readonly plan_sha256: string;
  readonly language: string;
  readonly made_by: PlanPerson;
  readonly made_at: string;
  readonly reviewed_by: PlanPerson | null;
  readonly reviewed_at: string | null;
  readonly review_note: string;
  readonly approved_by: PlanPerson | null;
  readonly approved_at: string | null;
  readonly superseded_at: string | null;
}

export interface PlanFile {
  readonly name: string;
  readonly media_type: string;
  readonly size: number;
  readonly sha256: string;
}

export interface StoredPlan {
  readonly summary: PlanSummary;
  readonly plan: PlanDocument;
  readonly files: readonly PlanFile[];
}

export interface PlanOrder {
  readonly series_uid: string;
  readonly technique?: PlanTechnique;
  readonly device_id?: string;
  readonly margin_mm?: number;
  readonly tumour_number?: number;
  readonly engine?: string;
  readonly position?: "supine" | "prone";
  readonly language?: PlanLanguage;
  readonly heat?: boolean;
}

export type PlanStepName = "read" | "segment" | "plan" | "book" | "store";

export interface PlanStep {
  readonly name: PlanStepName;
  readonly state: "waiting" | "running" | "done" | "failed";
  readonly share: number;
  readonly message: string;
}

export interface PlanJob {
  readonly id: string;
  readonly state: "queued" | "running" | "done" | "failed" | "cancelled";
  readonly steps: readonly PlanStep[];
  readonly share: number;
  readonly request: Required<PlanOrder>;
  readonly error: { readonly code: string; readonly message: string; readonly values: Record<string, unknown> } | null;
  readonly plan_id: string | null;
  readonly requested_by: PlanPerson;
  readonly requested_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

export interface PlanOptions {
  readonly engines: readonly { readonly name: string; readonly title: string }[];
  readonly devices: readonly {
    readonly id: string;
    readonly name: string;
    readonly technique: PlanTechnique;
    readonly evidence: string;
  }[];
  readonly techniques: readonly PlanTechnique[];
}

export interface ComparedRow {
  readonly key: string;
  readonly unit: string;
  readonly a: number | string | null;
  readonly b: number | string | null;
}
