import type { CaseDocument } from "@tongtai/api-client";

/** Whether this person is named on a draft and has not signed it. */
export function owesSignature(document: CaseDocument, userId: string): boolean {
  return document.state === "draft" && document.signers.some((each) => each.user_id === userId && !each.signed_at);
}

export const signedCount = ({ signers }: CaseDocument): number =>
  signers.filter(({ signed_at }) => signed_at !== null).length;
