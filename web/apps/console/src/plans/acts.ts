/** Who may move a plan on, and the word for why not. */
import type { PlanSummary } from "@tongtai/api-client";

export type ActState = "possible" | "own_plan" | "not_yet" | "over" | "no_right";

/** Four eyes: whoever made a plan neither reviews nor approves it. */
function actState(
  summary: PlanSummary,
  reader: { readonly userId: string; readonly allowed: boolean },
  wanted: PlanSummary["state"],
): ActState {
  if (summary.state === "superseded") return "over";
  if (summary.state !== wanted) return wanted === "reviewed" && summary.state === "draft" ? "not_yet" : "over";
  if (!reader.allowed) return "no_right";
  return summary.made_by.user_id === reader.userId ? "own_plan" : "possible";
}

export interface PlanActs {
  readonly review: ActState;
  readonly approve: ActState;
}

export function planActs(summary: PlanSummary, userId: string, permissions: readonly string[]): PlanActs {
  const has = (permission: string) => ({ userId, allowed: permissions.includes(permission) });
  return {
    review: actState(summary, has("plan_review"), "draft"),
    approve: actState(summary, has("plan_approve"), "reviewed"),
  };
}

/** The plan for the table: the newest approved one, else the newest that is still alive. */
export function planInForce(plans: readonly PlanSummary[]): PlanSummary | undefined {
  const newestFirst = [...plans].sort((a, b) => b.version - a.version);
  return (
    newestFirst.find(({ state }) => state === "approved") ?? newestFirst.find(({ state }) => state !== "superseded")
  );
}
