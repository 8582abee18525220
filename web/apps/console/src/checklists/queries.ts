import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  ApiError,
  checklistsApi,
  type CheckSheet,
  type MarkValue,
  type Reasons,
  type SheetName,
} from "@tongtai/api-client";

/** Three parties and the guide answer the same sheet at once, at different screens. */
const LOOK_AGAIN_MS = 3_000;
const TRIES = 4;

const keyOf = (caseId: string) => ["checklists", caseId] as const;

export const useSheets = (caseId: string) =>
  useQuery({
    queryKey: keyOf(caseId),
    queryFn: () => checklistsApi.list(caseId),
    refetchInterval: LOOK_AGAIN_MS,
  });

const changedMeanwhile = (error: unknown): boolean =>
  error instanceof ApiError && error.code === "checklist_confirmed" && error.values.reason === "changed_meanwhile";

/** Answers to lines: by hand, or what was measured of them; with a reason where that misses its limit. */
export type Answers = { readonly reasons?: Reasons } & (
  { readonly values: Record<string, MarkValue> } | { readonly taken: string[] }
);

/** Answers lines. Somebody else's answer to another line is no reason to refuse this one: it is sent again on theirs. */
export function useMark(caseId: string, sheet: SheetName) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (answers: Answers) => {
      for (let left = TRIES; ; left -= 1) {
        const known = queries.getQueryData<CheckSheet[]>(keyOf(caseId)) ?? (await checklistsApi.list(caseId));
        const version = known.find((each) => each.sheet === sheet)?.version ?? 0;
        try {
          const reasons = answers.reasons ?? {};
          return await ("taken" in answers
            ? checklistsApi.takeMeasured(caseId, sheet, version, answers.taken, reasons)
            : checklistsApi.mark(caseId, sheet, version, answers.values, reasons));
        } catch (error) {
          if (!changedMeanwhile(error) || left <= 1) throw error;
          queries.setQueryData(keyOf(caseId), await checklistsApi.list(caseId));
        }
      }
    },
    onSuccess: (sheets) => queries.setQueryData(keyOf(caseId), sheets),
  });
}

/** Puts what the server answered in place of what was shown. */
export function useShowSheets(caseId: string): (sheets: CheckSheet[]) => void {
  const queries = useQueryClient();
  return (sheets) => queries.setQueryData(keyOf(caseId), sheets);
}
