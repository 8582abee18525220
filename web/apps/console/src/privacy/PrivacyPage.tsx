import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router-dom";

import { IncidentsTab } from "../incidents/IncidentsTab";
import { useMe } from "../shell/session";
import { AssessmentsTab } from "./AssessmentsTab";

import "./privacy.css";

/** Protection of personal data: incidents, and the assessment of what is done with it. */
export default function PrivacyPage() {
  const { t } = useTranslation("clinical");
  const navigate = useNavigate();
  const { tab } = useParams();
  const manages = useMe().permissions.includes("privacy_manage");
  const tabs = [
    { key: "incidents", content: <IncidentsTab /> },
    ...(manages ? [{ key: "assessments", content: <AssessmentsTab /> }] : []),
  ];
  return (
    <>
      <div className="page-head">
        <h1>{t("privacy.title")}</h1>
      </div>
      <Tabs
        activeKey={tabs.some(({ key }) => key === tab) ? tab : "incidents"}
        onChange={(key) => void navigate(`/privacy/${key}`)}
        destroyOnHidden
        items={tabs.map(({ key, content }) => ({ key, label: t(`privacy.tab.${key}`), children: content }))}
      />
    </>
  );
}
