/** Plans as the server's pages see them; the plan itself is typed from its published schema. */
import type { components as planComponents } from "./planSchema";
import type { components } from "./schema";

type PlanSchemas = planComponents["schemas"];

/** `plan.json`. */
export type PlanDocument = PlanSchemas["Plan"];
export type PlanAlternative = PlanSchemas["Alternative"];
export type PlannedNeedle = PlanSchemas["PlannedNeedle"];
export type PlannedPosition = PlanSchemas["PlannedPosition"];
export type PlanReach = PlanSchemas["ReachFound"];
export type PlanHeat = PlanSchemas["HeatFound"];
export type PlanWarning = PlanSchemas["Warned"];
export type PlanStructure = PlanSchemas["StructureUsed"];

type Schemas = components["schemas"];

export type PlanSummary = Schemas["PlanSummary"];
export type PlanTechnique = PlanSummary["technique"];
export type PlanState = Schemas["PlanState"];
export type PlanPerson = Schemas["PersonOut"];
export type StoredPlan = Omit<Schemas["PlanOut"], "plan"> & { readonly plan: PlanDocument };
export type PlanOrder = Partial<Schemas["PlanJobIn"]> & Pick<Schemas["PlanJobIn"], "series_uid">;
export type PlanJob = Schemas["PlanJobOut"];
export type PlanStep = Schemas["PlanStepOut"];
export type PlanOptions = Schemas["PlanOptionsOut"];
export type ComparedRow = Schemas["ComparedOut"];
