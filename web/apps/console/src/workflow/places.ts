/** On which tab of the case's page something missing is supplied. */
import type { Lack } from "@tongtai/api-client";

/** The beginnings of codes, and the tab; the first that fits counts. */
const TABS: readonly (readonly [prefix: string, tab: string])[] = [
  ["item_", "intake"],
  ["bleeding_", "intake"],
  ["imaging_", "intake"],
  ["phase_", "intake"],
  ["slices_", "intake"],
  ["thickness_", "intake"],
  ["consent_", "consents"],
  ["recipient_", "consents"],
  ["mdt_", "meeting"],
  ["specialty_", "meeting"],
  ["panel_", "meeting"],
  ["vote_", "meeting"],
  ["lesions_", "meeting"],
  ["options_", "meeting"],
  ["opinion_", "opinion"],
  ["experts_", "opinion"],
  ["diagnosis_", "opinion"],
  ["decision_", "opinion"],
  ["line_", "checklists"],
  ["party_unconfirmed", "checklists"],
  ["parties_", "checklists"],
  ["warning", "warnings"],
  ["bundle_", "archive"],
  ["receipt_", "archive"],
  ["operation_record_", "overview"],
  ["plan_not_approved", "overview"],
  ["role_missing", "overview"],
  ["lead_guide_missing", "overview"],
  ["field_missing", "overview"],
];

/** The address's query, down to the item of the form where there is one; null: not on this page. */
export function placeOf({ code, values }: Lack): string | null {
  const tab = TABS.find(([prefix]) => code.startsWith(prefix))?.[1];
  if (tab === undefined) return null;
  const item = values.item;
  return typeof item === "string" ? `tab=${tab}&item=${item}` : `tab=${tab}`;
}
