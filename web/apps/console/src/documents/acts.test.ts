import type { CaseDocument } from "@tongtai/api-client";
import { describe, expect, it } from "vitest";

import { owesSignature, signedCount } from "./acts";

const signer = (user_id: string, signed_at: string | null) => ({
  user_id,
  role: "operator" as const,
  name: user_id,
  name_en: user_id,
  institution: "x",
  signed_at,
  certificate_serial: "",
});
const document = (state: CaseDocument["state"]): CaseDocument =>
  ({ state, signers: [signer("a", "2026-03-01T08:00:00Z"), signer("b", null)] }) as unknown as CaseDocument;

describe("signatures of a document", () => {
  it.each([
    ["draft", "a", false],
    ["draft", "b", true],
    ["draft", "c", false],
    ["issued", "b", false],
    ["withdrawn", "b", false],
    ["superseded", "b", false],
  ] as const)("of one that is %s are owed by %s: %s", (state, user, owed) => {
    expect(owesSignature(document(state), user)).toBe(owed);
  });

  it("are counted", () => {
    expect(signedCount(document("draft"))).toBe(1);
  });
});
