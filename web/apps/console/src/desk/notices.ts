/** What somebody's roles are called for. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { workflowApi } from "@tongtai/api-client";

const KEY = ["notices"] as const;
const LOOK_AGAIN_MS = 30_000;

export const useNotices = () =>
  useQuery({ queryKey: KEY, queryFn: workflowApi.notices, refetchInterval: LOOK_AGAIN_MS });

/** "I see to it": the notice goes away for the others of the role too. */
export function useReadNotice() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => workflowApi.readNotice(id),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
