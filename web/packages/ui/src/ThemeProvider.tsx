import { App, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useState } from "react";
import { flushSync } from "react-dom";

import { antdThemeOf, type ThemeName } from "./theme";

export interface ThemeProviderProps {
  readonly theme: ThemeName;
  readonly language: "zh" | "en";
  readonly children: ReactNode;
}

/** Whether the browser is about to print: paper is white, however dark the room is. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    // At once: the browser takes its picture of the page when the listeners have returned.
    const begin = () => flushSync(() => setPrinting(true));
    const end = () => setPrinting(false);
    window.addEventListener("beforeprint", begin);
    window.addEventListener("afterprint", end);
    return () => {
      window.removeEventListener("beforeprint", begin);
      window.removeEventListener("afterprint", end);
    };
  }, []);
  return printing;
}

/** Ant Design and the CSS tokens always show the same theme and speak the same language; printed pages are light. */
export function ThemeProvider({ theme: chosen, language, children }: ThemeProviderProps) {
  const theme = usePrinting() ? "light" : chosen;
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
