import { ThemeProvider, type ThemeName } from "@tongtai/ui";
import { createContext, type ReactNode, use, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Language } from "../i18n";

interface Preferences {
  readonly theme: ThemeName;
  readonly language: Language;
  setTheme(theme: ThemeName): void;
  setLanguage(language: Language): void;
}

const THEME_KEY = "tongtai.theme";
const languageKey = (userId: string): string => `tongtai.language.${userId}`;
const PreferencesContext = createContext<Preferences | undefined>(undefined);

export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const { i18n } = useTranslation();
  const [theme, setThemeState] = useState<ThemeName>(() =>
    localStorage.getItem(THEME_KEY) === "light" ? "light" : "dark",
  );
  const language: Language = i18n.language === "en" ? "en" : "zh";
  const value = useMemo<Preferences>(
    () => ({
      theme,
      language,
      setTheme: (next) => {
        localStorage.setItem(THEME_KEY, next);
        setThemeState(next);
      },
      setLanguage: (next) => void i18n.changeLanguage(next),
    }),
    [theme, language, i18n],
  );
  return (
    <PreferencesContext value={value}>
      <ThemeProvider theme={theme} language={language}>
        {children}
      </ThemeProvider>
    </PreferencesContext>
  );
}

/** The language that this person last chose on this device; one who never chose takes the page as it is. */
export function usePersonalLanguage(userId: string): void {
  const { language, setLanguage } = usePreferences();
  const chosen = useRef<string | null>(null);
  const change = useEffectEvent(() => {
    if (chosen.current !== userId) {
      chosen.current = userId;
      const kept = localStorage.getItem(languageKey(userId));
      if ((kept === "zh" || kept === "en") && kept !== language) setLanguage(kept);
      return;
    }
    localStorage.setItem(languageKey(userId), language);
  });
  useEffect(() => {
    change();
  }, [userId, language]);
}

export function usePreferences(): Preferences {
  const value = use(PreferencesContext);
  if (value === undefined) throw new Error("PreferencesProvider is missing");
  return value;
}

/** The name in the language of the page; both are always stored. */
export function useLocalName(): (named: { name: string; name_en: string }) => string {
  const { language } = usePreferences();
  return (named) => (language === "en" ? named.name_en : named.name);
}

export function usePersonName(): (person: { display_name: string; display_name_en: string }) => string {
  const { language } = usePreferences();
  return (person) => (language === "en" ? person.display_name_en : person.display_name);
}

/** Names as the page's language has them, where a log keeps the Chinese ones; who is not in the team keeps theirs. */
export function useTeamName(
  team: readonly { readonly display_name: string; readonly display_name_en: string }[] | undefined,
): (name: string) => string {
  const { language } = usePreferences();
  return useMemo(() => {
    const english = new Map(team?.map((member) => [member.display_name, member.display_name_en]));
    return (name) => (language === "en" && english.get(name)) || name;
  }, [team, language]);
}

/** ISO date and minute in the reader's own time zone. */
export function formatDateTime(iso: string): string {
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
