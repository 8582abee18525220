import { useTranslation } from "react-i18next";

/** Said in both languages whatever the page's language: it concerns everybody who sees the screen. */
export function Disclaimer() {
  const { i18n } = useTranslation();
  const zh = i18n.getFixedT("zh");
  const en = i18n.getFixedT("en");
  return (
    <footer className="shell-footer">
      <span lang="zh-CN">{zh("disclaimer")}</span>
      <span aria-hidden="true">·</span>
      <span lang="en">{en("disclaimer")}</span>
    </footer>
  );
}
