import { useQuery } from "@tanstack/react-query";
import { type Finding, type FindingAct, FINDINGS_CSV_URL, reviewsApi } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { Button, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router-dom";

import { ListPanel } from "../admin/ListPanel";
import { formatDateTime, usePreferences } from "../shell/preferences";
import { useMe } from "../shell/session";
import { FindingActDialog } from "./FindingActDialog";

export const FINDINGS = ["findings"] as const;

/** Which acts a state allows; the server decides, and who did the work does not confirm it. */
const ACTS: Readonly<Record<Finding["state"], readonly FindingAct[]>> = {
  open: ["assign"],
  assigned: ["finish", "assign"],
  done: ["confirm", "send_back"],
  confirmed: [],
};
const LEVEL = { open: "warn", assigned: "info", done: "info", confirmed: "good" } as const;
const GRADE_LEVEL = { minor: "info", major: "warn", severe: "bad" } as const;
const SHOWN = ["all", "open", "assigned", "overdue", "done", "confirmed"] as const;

const isShown = (one: Finding, shown: string): boolean =>
  shown === "all" || (shown === "overdue" ? one.overdue : one.state === shown);

/** What was found, and everything that was done about it. */
function Steps({ finding }: { readonly finding: Finding }) {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const name = (by: Finding["found_by"]) => (language === "en" ? by.name_en : by.name);
  return (
    <ul className="plain-list">
      <li>
        {formatDateTime(finding.found_at)} · {name(finding.found_by)} · {finding.text}
      </li>
      {finding.steps.map((step) => (
        <li key={step.at + step.act}>
          {formatDateTime(step.at)} · {name(step.by)} · {t(`finding.did.${step.act}`)}: {step.text}
        </li>
      ))}
    </ul>
  );
}

/** Findings of reviewed cases: who mends what until when, what is overdue, what somebody else has confirmed. */
export function FindingsTab() {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const { permissions } = useMe();
  const [search, setSearch] = useSearchParams();
  const [asked, setAsked] = useState<{ readonly finding: Finding; readonly act: FindingAct }>();
  const shown = search.get("show") ?? "all";
  const points = useQuery({ queryKey: ["review-points"], queryFn: reviewsApi.points });
  const query = useQuery({
    queryKey: FINDINGS,
    queryFn: reviewsApi.findings,
    select: (all) => all.filter((one) => isShown(one, shown)),
  });
  const pointText = (key: string) => points.data?.find((one) => one.key === key)?.text[language] ?? key;
  return (
    <>
      <div className="page-filters tt-no-print">
        <Radio.Group
          optionType="button"
          aria-label={t("finding.show")}
          value={shown}
          onChange={({ target }) => setSearch({ show: String(target.value) }, { replace: true })}
          options={SHOWN.map((value) => ({ value, label: t(`finding.shown.${value}`) }))}
        />
        <Button href={FINDINGS_CSV_URL} download="findings.csv" data-testid="findings-csv">
          {t("quality.csv")}
        </Button>
      </div>
      <ListPanel<Finding>
        title={t("finding.title")}
        query={query}
        empty={t("finding.none")}
        expandedRow={(finding) => <Steps finding={finding} />}
        columns={[
          {
            title: t("quality.number"),
            render: (_, { case_id, case_number }) => <Link to={`/cases/${case_id}`}>{case_number}</Link>,
          },
          {
            title: t("review.grade"),
            render: (_, { grade }) => <StateMark level={GRADE_LEVEL[grade]}>{t(`review.grades.${grade}`)}</StateMark>,
          },
          {
            title: t("finding.what"),
            render: (_, { point, text }) => (
              <div className="finding-what">
                <strong>{text}</strong>
                <br />
                <span className="shell-dim">{pointText(point)}</span>
              </div>
            ),
          },
          {
            title: t("review.state"),
            render: (_, { state, overdue }) => (
              <StateMark level={overdue ? "bad" : LEVEL[state]}>
                {t(overdue ? "finding.shown.overdue" : `finding.shown.${state}`)}
              </StateMark>
            ),
          },
          {
            title: t("finding.responsible"),
            render: (_, { responsible }) =>
              responsible === null ? "–" : language === "en" ? responsible.name_en : responsible.name,
          },
          { title: t("finding.due"), render: (_, { due_on }) => due_on ?? "–" },
          {
            title: "",
            fixed: "right",
            render: (_, finding) =>
              permissions.includes("quality_review") && (
                <div className="row-acts">
                  {ACTS[finding.state].map((act) => (
                    <Button key={act} data-testid={`act-${act}`} onClick={() => setAsked({ finding, act })}>
                      {t(`finding.act.${act}`)}
                    </Button>
                  ))}
                </div>
              ),
          },
        ]}
      >
        {asked !== undefined && <FindingActDialog {...asked} onClose={() => setAsked(undefined)} />}
      </ListPanel>
    </>
  );
}
