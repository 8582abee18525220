import type { Consent, ConsentKind } from "@tongtai/api-client";

/** In the order in which a hospital asks for them. */
export const KINDS: readonly ConsentKind[] = [
  "telemedicine",
  "data_sharing",
  "surgery",
  "anaesthesia",
  "recording",
  "broadcast",
];

/** Without these a case does not leave the hospital, or the operation does not begin; the others may stay unasked. */
export const NEEDED: ReadonlySet<ConsentKind> = new Set(["telemedicine", "data_sharing", "surgery", "anaesthesia"]);

/** The last consent of a kind is the one that counts; the earlier ones stay in the record, the newest first. */
export function newestOf(
  consents: readonly Consent[],
  kind: ConsentKind,
): { last: Consent | undefined; earlier: readonly Consent[] } {
  const [last, ...earlier] = consents.filter((each) => each.kind === kind).sort((a, b) => b.number - a.number);
  return { last, earlier };
}
