import { App, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { type ReactNode, useLayoutEffect, useMemo } from "react";

import { antdThemeOf, type ThemeName } from "./theme";

export interface ThemeProviderProps {
  readonly theme: ThemeName;
  readonly language: "zh" | "en";
  readonly children: ReactNode;
}

/** Ant Design and the CSS tokens always show the same theme and speak the same language. */
export function ThemeProvider({ theme, language, children }: ThemeProviderProps) {
  const config = useMemo(() => antdThemeOf(theme), [theme]);
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [theme, language]);
  return (
    <ConfigProvider theme={config} locale={language === "zh" ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <App component={false}>{children}</App>
    </ConfigProvider>
  );
}
