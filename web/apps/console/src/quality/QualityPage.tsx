import { Tabs } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router-dom";

import { FindingsTab } from "./FindingsTab";
import { IndicatorsTab } from "./IndicatorsTab";
import { ReviewsTab } from "./ReviewsTab";
import { StatisticsTab } from "./StatisticsTab";

import "./quality.css";

const TABS: readonly { readonly key: string; readonly content: ReactNode }[] = [
  { key: "indicators", content: <IndicatorsTab /> },
  { key: "statistics", content: <StatisticsTab /> },
  { key: "reviews", content: <ReviewsTab /> },
  { key: "findings", content: <FindingsTab /> },
];

/** What a quality office works with: numbers, the cases drawn for review, and what is done about findings. */
export default function QualityPage() {
  const { t } = useTranslation("clinical");
  const navigate = useNavigate();
  const { tab } = useParams();
  return (
    <>
      <div className="page-head">
        <h1>{t("quality.office")}</h1>
      </div>
      <Tabs
        activeKey={TABS.some(({ key }) => key === tab) ? tab : "indicators"}
        onChange={(key) => void navigate(`/quality/${key}`)}
        destroyOnHidden
        items={TABS.map(({ key, content }) => ({ key, label: t(`quality.tab.${key}`), children: content }))}
      />
    </>
  );
}
