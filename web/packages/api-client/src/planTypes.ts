/** Plans as the server's pages see them; the plan itself is typed from its published schema. */
import type { components as planComponents } from "./planSchema";
import type { components } from "./schema";
import type { components as seedComponents } from "./seedPlanSchema";

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

type SeedSchemas = seedComponents["schemas"];

/** `seed-plan.json`. */
export type SeedPlanDocument = SeedSchemas["SeedPlan"];
export type SeedNeedle = SeedSchemas["SeedNeedle"];
export type PlannedSeed = SeedSchemas["PlannedSeed"];
export type GoalJudged = SeedSchemas["GoalJudged"];
export type SeedHistogram = SeedSchemas["HistogramFound"];
export type RadiationSheet = SeedSchemas["RadiationSheet"];
export type SeedOrder = SeedSchemas["SeedOrder"];

type Schemas = components["schemas"];

export type PlanSummary = Schemas["PlanSummary"];
export type PlanTechnique = PlanSummary["technique"];
export type PlanState = Schemas["PlanState"];
export type PlanPerson = Schemas["PersonOut"];
export type AnyPlanDocument = PlanDocument | SeedPlanDocument;
type PlanHead = Omit<Schemas["PlanOut"], "plan">;
/** A plan of an ablation. */
export type StoredPlan = PlanHead & { readonly plan: PlanDocument };
/** A plan of seeds; its summary's technique says so. */
export type StoredSeedPlan = PlanHead & { readonly plan: SeedPlanDocument };
export type AnyStoredPlan = StoredPlan | StoredSeedPlan;
export const isSeedPlan = (stored: AnyStoredPlan): stored is StoredSeedPlan => stored.summary.technique === "seeds";
export type PlanOrder = Partial<Schemas["PlanJobIn"]> & Pick<Schemas["PlanJobIn"], "series_uid">;
export type PlanJob = Schemas["PlanJobOut"];
export type PlanStep = Schemas["PlanStepOut"];
export type PlanOptions = Schemas["PlanOptionsOut"];
export type ComparedRow = Schemas["ComparedOut"];
/** A needle with the depths of its seeds, as a person changes it. */
export type LoadedNeedle = Schemas["LoadedNeedleIn"];
/** What changed seeds do. */
export type ChangedSeeds = Schemas["ChangedSeedsOut"];
