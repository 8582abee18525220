/** What the form calls its items, groups and choices, in the reader's language. */
import type { IntakeItem } from "@tongtai/api-client";

import { usePreferences } from "../shell/preferences";
import { useFormSheet } from "./queries";

interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

export function useFormWords() {
  const { language } = usePreferences();
  const { data } = useFormSheet();
  return {
    name: (named: Bilingual): string => named[language],
    /** The item's name by its key; the key when the form has none of it. */
    itemName: (key: string): string => data?.items.find((item) => item.key === key)?.[language] ?? key,
    choice: (code: string): string => data?.words.find((word) => word.code === code)?.[language] ?? code,
    knows: (key: string): boolean => data?.items.some((item) => item.key === key) ?? false,
  };
}

/** The choices of an item: those of a yes-or-no question are not written out in the form. */
export const choicesOf = (item: IntakeItem): readonly string[] =>
  item.kind === "yes_no" ? ["yes", "no"] : item.choices;
