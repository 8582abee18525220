import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export type Language = "zh" | "en";
const STORE_KEY = "tongtai.language";

/** `./zh/shell.json` becomes namespace `shell` of language `zh`. */
export function resourcesFrom(files: Readonly<Record<string, Record<string, unknown>>>) {
  const resources: Record<Language, Record<string, Record<string, unknown>>> = { zh: {}, en: {} };
  for (const [path, keys] of Object.entries(files)) {
    const [, language, namespace] = /\/(zh|en)\/([a-z]+)\.json$/.exec(path) ?? [];
    if (language !== undefined && namespace !== undefined) resources[language as Language][namespace] = keys;
  }
  return resources;
}

const files = import.meta.glob<Record<string, unknown>>("./{zh,en}/*.json", { eager: true, import: "default" });
const remembered = globalThis.localStorage.getItem(STORE_KEY);

await i18next.use(initReactI18next).init({
  resources: resourcesFrom(files),
  lng: remembered === "en" ? "en" : "zh",
  fallbackLng: "zh",
  defaultNS: "shell",
  interpolation: { escapeValue: false },
});

i18next.on("languageChanged", (language) => {
  globalThis.localStorage.setItem(STORE_KEY, language);
});

export { i18next };
