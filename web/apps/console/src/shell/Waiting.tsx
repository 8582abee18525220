import { Spin } from "antd";
import { useTranslation } from "react-i18next";

export function Waiting() {
  const { t } = useTranslation();
  return <Spin className="shell-waiting" size="large" aria-label={t("loading")} />;
}
