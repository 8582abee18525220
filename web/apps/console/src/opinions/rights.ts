/** Who writes, signs and decides; the server has the last word, this only spares people buttons that are not theirs. */
import type { Case, Opinion, Role } from "@tongtai/api-client";

const WRITERS: readonly Role[] = ["lead_guide", "backup_guide", "mdt_member"];
const DECIDERS: readonly Role[] = ["attending", "operator"];

const holds = (shown: Case, userId: string, roles: readonly Role[]): boolean =>
  shown.team.some(({ user_id, role }) => user_id === userId && roles.includes(role));

export const mayWriteOpinion = (shown: Case, userId: string): boolean => holds(shown, userId, WRITERS);
export const mayDecide = (shown: Case, userId: string): boolean => holds(shown, userId, DECIDERS);

/** Whether this person's signature is missing: a named expert's, or, on a diagnosis, a physician's of the inviting side. */
export function owesOpinion(opinion: Opinion, shown: Case, userId: string): boolean {
  const signed = opinion.signatures.some((one) => one.user_id === userId && one.sha256 === opinion.sha256);
  if (signed) return false;
  if (opinion.experts.includes(userId)) return true;
  const wantsInviting = opinion.lacks.some(({ code }) => code === "diagnosis_unsigned_by_inviting_side");
  return wantsInviting && mayDecide(shown, userId);
}
