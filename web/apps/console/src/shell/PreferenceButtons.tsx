import { ToolButton } from "@tongtai/ui";
import { Languages, Moon, Sun } from "lucide-react";
import { useTranslation } from "react-i18next";

import { usePreferences } from "./preferences";

/** Language and theme, changed at once and remembered on this device. */
export function PreferenceButtons() {
  const { t } = useTranslation();
  const { theme, language, setTheme, setLanguage } = usePreferences();
  const otherTheme = theme === "dark" ? "light" : "dark";
  return (
    <>
      <ToolButton
        icon={<Languages size={18} aria-hidden="true" />}
        label={language === "zh" ? "English" : "简体中文"}
        lang={language === "zh" ? "en" : "zh-CN"}
        onClick={() => {
          setLanguage(language === "zh" ? "en" : "zh");
        }}
      />
      <ToolButton
        icon={theme === "dark" ? <Sun size={18} /> : <Moon size={18} />}
        label={t(`theme.${otherTheme}`)}
        iconOnly
        onClick={() => {
          setTheme(otherTheme);
        }}
      />
    </>
  );
}
