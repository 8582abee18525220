import type { CaseFacts } from "@tongtai/session-core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

interface Named {
  readonly name: string;
  readonly name_en: string;
}

/** Names in the language of the page; both are always stored. */
export function useNames(): { nameOf: (named: Named) => string; roomOf: (facts: CaseFacts) => string } {
  const { i18n } = useTranslation();
  const { language } = i18n;
  return useMemo(() => {
    const nameOf = (named: Named) => (language === "en" && named.name_en ? named.name_en : named.name);
    const roomOf = (facts: CaseFacts) => `${nameOf(facts.inviting)} · ${nameOf(facts.operating_room)}`;
    return { nameOf, roomOf };
  }, [language]);
}
