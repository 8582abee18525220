/** What the pages ask the server about plans. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type AnyStoredPlan, type PlanJob, planFileUrl, plansApi } from "@tongtai/api-client";
import { fetchBytes, fetchJson, readScene, readSkinMap, type SkinMapFile } from "@tongtai/viewer-core/plan";
import { useEffect } from "react";

const WATCH_EVERY_MS = 1000;
/** Somebody elsewhere may review, approve or replace a plan while it is looked at. */
const LOOK_AGAIN_MS = 30_000;
/** A finished plan does not change; its files are known by their hash. */
const FOR_EVER = Number.POSITIVE_INFINITY;

export const plansKey = (caseId: string) => ["plans", caseId] as const;
const planKey = (caseId: string, planId: string) => ["plan", caseId, planId] as const;
export const jobsKey = (caseId: string) => ["plan-jobs", caseId] as const;

export const isAtWork = ({ state }: PlanJob): boolean => state === "queued" || state === "running";

export const usePlans = (caseId: string, enabled = true) =>
  useQuery({
    queryKey: plansKey(caseId),
    queryFn: () => plansApi.list(caseId),
    enabled,
    refetchInterval: LOOK_AGAIN_MS,
  });

export const usePlan = (caseId: string, planId: string | undefined) =>
  useQuery({
    queryKey: planKey(caseId, planId ?? ""),
    queryFn: () => plansApi.get(caseId, planId ?? ""),
    enabled: planId !== undefined,
    refetchInterval: LOOK_AGAIN_MS,
  });

export const usePlanOptions = (caseId: string, enabled: boolean) =>
  useQuery({
    queryKey: ["plan-options", caseId],
    queryFn: () => plansApi.options(caseId),
    enabled,
    staleTime: FOR_EVER,
  });

export const useComparison = (caseId: string, planId: string, otherId: string | null) =>
  useQuery({
    queryKey: ["plan-comparison", caseId, planId, otherId],
    queryFn: () => plansApi.compare(caseId, otherId ?? "", planId),
    enabled: otherId !== null,
  });

/** The case's planning jobs, watched while one is at work; a job that ends brings its plan into the list. */
export function useJobs(caseId: string) {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: jobsKey(caseId),
    queryFn: () => plansApi.jobs(caseId),
    refetchInterval: ({ state }) => (state.data?.some(isAtWork) ? WATCH_EVERY_MS : false),
  });
  const made = query.data?.filter(({ plan_id }) => plan_id !== null).length ?? 0;
  useEffect(() => {
    if (made > 0) void queries.invalidateQueries({ queryKey: plansKey(caseId) });
  }, [queries, caseId, made]);
  return query;
}

/** After a review or an approval: the plan and the others that it may have put out of use. */
export function useRefreshPlans(caseId: string): (planId: string) => Promise<void> {
  const queries = useQueryClient();
  return async (planId) => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: planKey(caseId, planId) }),
      queries.invalidateQueries({ queryKey: plansKey(caseId) }),
    ]);
  };
}

/** A file's hash, so that a file that was made again is read again; null when the plan has no such file. */
export const hashOf = ({ files }: AnyStoredPlan, name: string): string | null =>
  files.find((file) => file.name === name)?.sha256 ?? null;

function useFile<T>(
  caseId: string,
  stored: AnyStoredPlan,
  name: string,
  read: (url: string, signal: AbortSignal) => Promise<T>,
) {
  const sha256 = hashOf(stored, name);
  return useQuery({
    queryKey: ["plan-file", caseId, stored.summary.id, name, sha256],
    queryFn: ({ signal }) => read(planFileUrl(caseId, stored.summary.id, name), signal),
    enabled: sha256 !== null,
    staleTime: FOR_EVER,
    retry: 1,
  });
}

export const useSkinMap = (caseId: string, stored: AnyStoredPlan) =>
  useFile(caseId, stored, "skin-map.json", async (url, signal) =>
    readSkinMap(await fetchJson<SkinMapFile>(url, signal)),
  );

export const useScene = (caseId: string, stored: AnyStoredPlan) =>
  useFile(caseId, stored, "scene.glb", async (url, signal) => readScene(await fetchBytes(url, signal)));
