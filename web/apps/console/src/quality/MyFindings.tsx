import { useQuery } from "@tanstack/react-query";
import { type Finding, reviewsApi } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FindingActDialog } from "./FindingActDialog";

/** What quality control asks me to mend; nothing when there is nothing. */
export function MyFindings() {
  const { t } = useTranslation("clinical");
  const { data } = useQuery({ queryKey: ["findings", "mine"], queryFn: reviewsApi.myFindings });
  const [asked, setAsked] = useState<Finding>();
  if (data === undefined || data.length === 0) return null;
  return (
    <Panel title={t("finding.mine")}>
      <ul className="desk-list">
        {data.map((finding) => (
          <li key={finding.id} data-testid="my-finding">
            <StateMark level={finding.overdue ? "bad" : "warn"}>
              {t("finding.until", { day: finding.due_on ?? "" })}
            </StateMark>
            <span>
              {finding.case_number}: {finding.text}
              {finding.steps.at(-1) !== undefined && <> · {finding.steps.at(-1)?.text}</>}
            </span>
            <Button onClick={() => setAsked(finding)}>{t("finding.act.finish")}</Button>
          </li>
        ))}
      </ul>
      {asked !== undefined && <FindingActDialog finding={asked} act="finish" onClose={() => setAsked(undefined)} />}
    </Panel>
  );
}
