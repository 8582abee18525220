import { useTranslation } from "react-i18next";

import { IncidentsTab } from "../incidents/IncidentsTab";

/** Protection of personal data: incidents. */
export default function PrivacyPage() {
  const { t } = useTranslation("clinical");
  return (
    <>
      <div className="page-head">
        <h1>{t("privacy.title")}</h1>
      </div>
      <IncidentsTab />
    </>
  );
}
