/** What the pages ask the server about documents. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { documentsApi } from "@tongtai/api-client";

/** Somebody elsewhere may sign while the list is looked at. */
const LOOK_AGAIN_MS = 15_000;

const documentsKey = (caseId: string) => ["documents", caseId] as const;
const WAITING_KEY = ["documents-waiting"] as const;

export const useDocuments = (caseId: string) =>
  useQuery({
    queryKey: documentsKey(caseId),
    queryFn: () => documentsApi.list(caseId),
    refetchInterval: LOOK_AGAIN_MS,
  });

export const useWaitingDocuments = () =>
  useQuery({ queryKey: WAITING_KEY, queryFn: documentsApi.waiting, refetchInterval: LOOK_AGAIN_MS });

/** After something was made or signed: lists of the case, and of what waits for a signature. */
export function useRefreshDocuments(caseId: string): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: documentsKey(caseId) }),
      queries.invalidateQueries({ queryKey: WAITING_KEY }),
    ]);
  };
}
