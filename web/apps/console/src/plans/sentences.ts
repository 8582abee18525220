/**
 * A plan's warnings in the reader's language. The plan holds English sentences with their numbers in them; the table that
 * the plan book is translated by is used here too (a test holds both together).
 */
import type { PlanWarning } from "@tongtai/api-client";

import type { Language } from "../i18n";
import SENTENCES from "./sentences.json";

/** What names in a sentence are called by the reader: a structure, a rule. */
export type NameOf = (name: string) => string;

const isName = (text: string): boolean => /^[a-z][a-z0-9_]*$/.test(text);

/** Names stand alone or in a list with commas. */
function inWords(text: string, nameOf: NameOf): string {
  const parts = text.split(", ");
  return parts.every(isName) ? parts.map(nameOf).join("、") : text;
}

/** "liver_lesion: …" begins with the name that the reader knows. */
const withNameInFront = (text: string, nameOf: NameOf): string =>
  text.replace(/^([a-z][a-z0-9_]*): /, (_, name: string) => `${nameOf(name)}: `);

const inChinese = (text: string, code: string, nameOf: NameOf): string | null => {
  // Several codes share a sentence: its own row first, then any that fits.
  const rows = [...SENTENCES].sort((one, other) => Number(other.code === code) - Number(one.code === code));
  for (const row of rows) {
    const match = new RegExp(`^(?:${row.pattern})$`, "u").exec(text);
    if (match)
      return row.zh.replace(/\{(\d)\}/g, (_, index: string) => inWords(match[Number(index) + 1] ?? "", nameOf));
  }
  return null;
};

export function sentenceOf({ code, text }: PlanWarning, language: Language, nameOf: NameOf): string {
  if (language === "en") return withNameInFront(text, nameOf);
  const whole = inChinese(text, code, nameOf);
  if (whole !== null) return whole;
  const [, name, reason] = /^([a-z][a-z0-9_]*): (.+)$/.exec(text) ?? [];
  if (name === undefined || reason === undefined) return text;
  return `${nameOf(name)}：${inChinese(reason, code, nameOf) ?? reason}`;
}

const SERIOUS =
  /goal_missed|no_safe_path|not_covered|rule_broken|organ_|kept_off|heat_reaches_organ|structure_reached|remnant_small/;

/** Shape and colour of a warning: what can harm, what makes the plan doubtful. */
export const isSerious = ({ code }: PlanWarning): boolean => SERIOUS.test(code);
