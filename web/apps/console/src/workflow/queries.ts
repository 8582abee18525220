/** What the pages ask the server about a case's way. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, type CaseWay, workflowApi } from "@tongtai/api-client";

/** Somebody at another place may move the case while it is looked at. */
const LOOK_AGAIN_MS = 15_000;

export const wayKey = (caseId: string) => ["workflow", caseId] as const;

/** Where a case stands; `null` for a case that nobody has taken into the workflow. */
export const useWay = (caseId: string) =>
  useQuery({
    queryKey: wayKey(caseId),
    queryFn: async () => {
      try {
        return await workflowApi.get(caseId);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    refetchInterval: LOOK_AGAIN_MS,
  });

/** After something was done in a case: its way and everything that hangs on it are asked for again. */
export function useRefreshCase(caseId: string): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(caseId) });
}

/** Takes an answer as the newest way; what hangs on the case, and the lists that show it, are asked for again. */
export function useTakeWay(caseId: string): (seen: CaseWay) => Promise<void> {
  const queries = useQueryClient();
  const refresh = useRefreshCase(caseId);
  return async (seen) => {
    queries.setQueryData(wayKey(caseId), seen);
    const lists = ["cases", "queue", "tasks", "notices"].map((name) => queries.invalidateQueries({ queryKey: [name] }));
    await Promise.all([refresh(), ...lists]);
  };
}
