/** Who chairs, sits and votes; the server has the last word, this only spares people forms that are not theirs. */
import type { Case, Meeting, Role, Specialty, Verdict } from "@tongtai/api-client";

const CHAIRS: readonly Role[] = ["coordinator", "lead_guide", "backup_guide"];

export const mayChair = (shown: Case, userId: string): boolean =>
  shown.team.some(({ user_id, role }) => user_id === userId && CHAIRS.includes(role));

export const sitsIn = (meeting: Meeting, userId: string): boolean =>
  meeting.panel.some(({ user_id }) => user_id === userId);

export const voteOf = (meeting: Meeting, userId: string) => meeting.votes.find(({ user_id }) => user_id === userId);

/** Whether this person has signed the minutes as they read now. */
export const hasSigned = (meeting: Meeting, userId: string): boolean =>
  meeting.signatures.some(({ user_id, sha256 }) => user_id === userId && sha256 === meeting.sha256);

/** Specialties of the quorum for which nobody has voted yet. */
export const silent = (meeting: Meeting): readonly Specialty[] =>
  meeting.quorum.filter(
    (specialty) =>
      !meeting.panel.some((one) => one.specialty === specialty && voteOf(meeting, one.user_id) !== undefined),
  );

/** What most voted for; nothing before the first vote or with a tie. */
export function majority(meeting: Meeting): Verdict | undefined {
  const counts = new Map<Verdict, number>();
  for (const { verdict } of meeting.votes) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a);
  return first !== undefined && first[1] !== second?.[1] ? first[0] : undefined;
}
