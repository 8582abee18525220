import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type Meeting, meetingsApi } from "@tongtai/api-client";

/** The panel sits at several screens: a vote is seen by the others within this time. */
const LOOK_AGAIN_MS = 4_000;

export const meetingsKey = (caseId: string) => ["meetings", caseId] as const;

export const useMeetings = (caseId: string) =>
  useQuery({
    queryKey: meetingsKey(caseId),
    queryFn: () => meetingsApi.list(caseId),
    refetchInterval: LOOK_AGAIN_MS,
  });

/** Shows what the server answered at once, and asks again for what hangs on it. */
export function useTakeMeeting(caseId: string): (meeting: Meeting) => Promise<void> {
  const queries = useQueryClient();
  return async (meeting) => {
    queries.setQueryData<Meeting[]>(meetingsKey(caseId), (known = []) =>
      known.some(({ id }) => id === meeting.id)
        ? known.map((each) => (each.id === meeting.id ? meeting : each))
        : [meeting, ...known],
    );
    await queries.invalidateQueries({ queryKey: ["workflow", caseId] });
  };
}
