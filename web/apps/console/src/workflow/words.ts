/** The workflow's own words: the server says by code what is missing, and its catalogue has the sentences. */
import { useQuery } from "@tanstack/react-query";
import { ApiError, type Case, type Lack, workflowApi, type WorkflowCatalogue } from "@tongtai/api-client";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { usePreferences } from "../shell/preferences";

type Section = Exclude<keyof WorkflowCatalogue, "values">;
type Language = "zh" | "en";
/** Words for what only the reader's page knows, e.g. names of people; `undefined` leaves it to the catalogue. */
export type Naming = (valueName: string, value: string) => string | undefined;

const SEPARATORS: Readonly<Record<Language, string>> = { zh: "、", en: ", " };
/** In these sentences `role` is a party of the agreement, not a person's. */
const PARTY_ROLES = new Set(["party_missing"]);

interface Words {
  readonly [code: string]: Readonly<Record<Language, string>>;
}

const byCode = (words: readonly { code: string; zh: string; en: string }[]): Words =>
  Object.fromEntries(words.map((each) => [each.code, each]));

/** A sentence of the catalogue with its values filled in, each in words where there are words for it. */
export function lackSentence(
  { code, values }: Lack,
  sentences: Words,
  valueWords: Readonly<Record<string, Words>>,
  language: Language,
  naming: Naming = () => undefined,
): string {
  const sentence = sentences[code]?.[language];
  if (sentence === undefined) return code;
  const spoken = (name: string, value: unknown): string => {
    if (Array.isArray(value)) return value.map((each) => spoken(name, each)).join(SEPARATORS[language]);
    if (value !== null && typeof value === "object") return JSON.stringify(value);
    const text = String(value);
    const kind = name === "role" && PARTY_ROLES.has(code) ? "party_role" : name === "other" ? "line" : name;
    return naming(name, text) ?? valueWords[kind]?.[text]?.[language] ?? text;
  };
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? spoken(name, values[name]) : whole,
  );
}

export function useWords() {
  const { language } = usePreferences();
  const { i18n, t } = useTranslation();
  const errorText = useErrorText();
  const { data } = useQuery({
    queryKey: ["workflow-catalogue"],
    queryFn: workflowApi.catalogue,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const sentences = byCode(data?.lacks ?? []);
  const values = Object.fromEntries(Object.entries(data?.values ?? {}).map(([name, words]) => [name, byCode(words)]));
  const roleName: Naming = (name, value) =>
    name === "role" && i18n.exists(`role.${value}`, { ns: "shell" }) ? t(`role.${value}`) : undefined;
  const lackText = (lack: Lack, naming?: Naming) =>
    lackSentence(lack, sentences, values, language, (name, value) => naming?.(name, value) ?? roleName(name, value));
  return {
    /** What a value is called: `word("specialty", "radiology")`. */
    word: (name: string, code: string): string => values[name]?.[code]?.[language] ?? code,
    /** Every code of a kind of value, in the catalogue's order, as choices. */
    choices: (name: string) => (data?.values[name] ?? []).map((each) => ({ value: each.code, label: each[language] })),
    /** A state, act, statement or timer in words. */
    named: (section: Section, code: string): string => byCode(data?.[section] ?? [])[code]?.[language] ?? code,
    lackText,
    /** What a refusal lacks, in words; nothing when the error is of another kind. */
    lacksOf: (error: unknown, naming?: Naming): string[] => refusedFor(error).map((lack) => lackText(lack, naming)),
    errorText,
  };
}

/** The lacks that a refusal names; empty for every other error. */
export function refusedFor(error: unknown): readonly Lack[] {
  const lacks = error instanceof ApiError ? error.values.lacks : undefined;
  return Array.isArray(lacks) ? (lacks as Lack[]) : [];
}

/** Names of the case's people and institutions in place of their identifiers. */
export function useCaseNaming(shown: Case): Naming {
  const { language } = usePreferences();
  return (name, value) => {
    if (name === "institution_id") {
      const found = [shown.inviting, shown.invited].find(({ id }) => id === value);
      return found && (language === "en" ? found.name_en : found.name);
    }
    if (name !== "user_id") return undefined;
    const person = shown.team.find(({ user_id }) => user_id === value);
    return person && (language === "en" ? person.display_name_en : person.display_name);
  };
}
