import { request } from "./http";
import type {
  AnyStoredPlan,
  ChangedSeeds,
  ComparedRow,
  LoadedNeedle,
  PlanJob,
  PlanOptions,
  PlanOrder,
  PlanSummary,
} from "./planTypes";

const part = encodeURIComponent;
const root = (caseId: string): string => `/cases/${part(caseId)}/plans`;

export const plansApi = {
  list: async (caseId: string) => (await request<{ plans: PlanSummary[] }>("GET", root(caseId))).plans,
  get: (caseId: string, planId: string) => request<AnyStoredPlan>("GET", `${root(caseId)}/${part(planId)}`),
  options: (caseId: string) => request<PlanOptions>("GET", `${root(caseId)}/options`),
  review: (caseId: string, planId: string, note: string) =>
    request<PlanSummary>("POST", `${root(caseId)}/${part(planId)}/review`, { body: { note } }),
  approve: (caseId: string, planId: string) =>
    request<PlanSummary>("POST", `${root(caseId)}/${part(planId)}/approve`, { body: {} }),
  compare: async (caseId: string, a: string, b: string) =>
    (await request<{ rows: ComparedRow[] }>("GET", `${root(caseId)}/compare`, { query: { a, b } })).rows,
  jobs: async (caseId: string) => (await request<{ jobs: PlanJob[] }>("GET", `${root(caseId)}/jobs`)).jobs,
  start: (caseId: string, order: PlanOrder) => request<PlanJob>("POST", `${root(caseId)}/jobs`, { body: order }),
  cancel: (caseId: string, jobId: string) =>
    request<PlanJob>("POST", `${root(caseId)}/jobs/${part(jobId)}/cancel`, { body: {} }),
  retry: (caseId: string, jobId: string) =>
    request<PlanJob>("POST", `${root(caseId)}/jobs/${part(jobId)}/retry`, { body: {} }),
  lookAtSeeds: (caseId: string, planId: string, needles: readonly LoadedNeedle[], signal?: AbortSignal) =>
    request<ChangedSeeds>("POST", `${root(caseId)}/${part(planId)}/changed-seeds`, {
      body: { needles },
      ...(signal ? { signal } : {}),
    }),
  planOfSeeds: (caseId: string, planId: string, needles: readonly LoadedNeedle[]) =>
    request<PlanJob>("POST", `${root(caseId)}/${part(planId)}/changed-seeds/jobs`, { body: { needles } }),
};

/** Address of a plan's file; a slash in its name stays one. */
export function planFileUrl(caseId: string, planId: string, name: string, download = false): string {
  const file = name.split("/").map(part).join("/");
  return `/api${root(caseId)}/${part(planId)}/files/${file}${download ? "?download=true" : ""}`;
}
