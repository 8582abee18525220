import type { AnyStoredPlan } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Table } from "antd";
import { useTranslation } from "react-i18next";

import { formatDateTime, usePreferences } from "../shell/preferences";
import { usePlanPerson } from "./names";
import { sentenceOf } from "./sentences";

type Checked = AnyStoredPlan["plan"]["verification"][number];

function ReferenceCases({ cases }: { readonly cases: readonly Checked[] }) {
  const { t } = useTranslation("plan");
  const { language } = usePreferences();
  const passed = cases.filter((one) => one.passed).length;
  if (cases.length === 0) return <StateMark level="warn">{t("proof.notRun")}</StateMark>;
  return (
    <details className="plan-limits">
      <summary>
        <StateMark level={passed === cases.length ? "good" : "bad"}>
          {t("proof.cases", { passed, total: cases.length })}
        </StateMark>
      </summary>
      <Table<Checked>
        rowKey="name"
        size="small"
        pagination={false}
        dataSource={[...cases]}
        columns={[
          {
            title: t("proof.case"),
            render: (_, { name }) => sentenceOf({ code: "reference_case", text: name }, language, (one) => one),
          },
          {
            title: t("proof.deviation"),
            align: "right",
            render: (_, one) => `${one.deviation.toPrecision(2)} / ${one.tolerance.toPrecision(2)} ${one.unit}`,
          },
          {
            title: "",
            render: (_, one) => (
              <StateMark level={one.passed ? "good" : "bad"}>
                {t(one.passed ? "proof.passed" : "proof.failed")}
              </StateMark>
            ),
          },
        ]}
      />
    </details>
  );
}

/** What the plan was made from and by, so that it can be made again and checked. */
export function Proof({ stored }: { readonly stored: AnyStoredPlan }) {
  const { t } = useTranslation("plan");
  const personOf = usePlanPerson();
  const { summary, plan } = stored;
  return (
    <Panel title={t("proof.title")}>
      <ReferenceCases cases={plan.verification} />
      <dl className="facts plan-proof">
        <dt>{t("proof.made")}</dt>
        <dd>
          {personOf(summary.made_by)} · {formatDateTime(summary.made_at)}
        </dd>
        {summary.reviewed_by && summary.reviewed_at && (
          <>
            <dt>{t("proof.reviewed")}</dt>
            <dd>
              {personOf(summary.reviewed_by)} · {formatDateTime(summary.reviewed_at)}
              {summary.review_note !== "" && ` · ${summary.review_note}`}
            </dd>
          </>
        )}
        <dt>{t("proof.image")}</dt>
        <dd>
          {summary.series_description || plan.image.series_uid} · {plan.image.slices} × {plan.image.rows} ×{" "}
          {plan.image.columns}
        </dd>
        <dt>{t("proof.input")}</dt>
        <dd>
          <code className="plan-hash" title={plan.identity.input_sha256}>
            {plan.identity.input_sha256}
          </code>
        </dd>
        <dt>{t("proof.plan")}</dt>
        <dd>
          <code className="plan-hash" title={summary.plan_sha256}>
            {summary.plan_sha256}
          </code>
        </dd>
        <dt>{t("proof.software")}</dt>
        <dd>
          {plan.identity.software} · {t("proof.seed", { seed: plan.identity.seed })}
        </dd>
      </dl>
    </Panel>
  );
}
