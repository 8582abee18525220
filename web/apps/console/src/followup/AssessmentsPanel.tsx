import type { FollowUp } from "@tongtai/api-client";
import { EmptyState, type Level, Panel, StateMark } from "@tongtai/ui";
import { Button, Table } from "antd";
import { useTranslation } from "react-i18next";

type Assessment = FollowUp["assessments"][number];
type Assessed = NonNullable<FollowUp["responses"]["mrecist"]>[number];

const LEVELS: Readonly<Record<Assessed["overall"], Level>> = {
  CR: "good",
  PR: "good",
  SD: "info",
  PD: "bad",
  NE: "off",
  "non-CR/non-PD": "info",
};

const percent = (share: number | null): string =>
  share === null ? "" : `${share > 0 ? "+" : ""}${Math.round(share * 100)} %`;

function ResponseCell({ found }: { readonly found: Assessed | undefined }) {
  const { t } = useTranslation("clinical");
  if (found === undefined) return <span className="shell-dim">{t("care.baseline")}</span>;
  return (
    <span title={found.formula}>
      <StateMark level={LEVELS[found.overall]}>{found.overall}</StateMark>{" "}
      {found.sum_mm !== null && (
        <span className="shell-dim">
          {t("care.sum", { mm: found.sum_mm })} · {t("care.fromBaseline", { share: percent(found.from_baseline) })} ·{" "}
          {t("care.fromNadir", { share: percent(found.from_nadir) })}
        </span>
      )}
    </span>
  );
}

function Findings({ assessment }: { readonly assessment: Assessment }) {
  const { t } = useTranslation("clinical");
  const said: readonly (readonly [boolean, Level, string])[] = [
    [assessment.complete_ablation === true, "good", "complete"],
    [assessment.complete_ablation === false, "warn", "residual"],
    [assessment.local_progression, "bad", "ltp"],
    [assessment.new_intrahepatic, "bad", "newIntrahepatic"],
    [assessment.extrahepatic, "bad", "extrahepatic"],
    [assessment.seed_dose_verified === true, "good", "doseVerified"],
  ];
  return (
    <span className="acts">
      {said
        .filter(([applies]) => applies)
        .map(([, level, key]) => (
          <StateMark key={key} level={level}>
            {t(`care.finding.${key}`)}
          </StateMark>
        ))}
    </span>
  );
}

const measured = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([lesion, mm]) => `${lesion}: ${mm} mm`)
    .join(" · ");

/** Each examination with what was measured, and the response that follows from it by both criteria. */
export function AssessmentsPanel({ found, onAssess }: { readonly found: FollowUp; readonly onAssess?: () => void }) {
  const { t } = useTranslation("clinical");
  // Responses begin with the first assessment after the baseline.
  const at = (criteria: "mrecist" | "recist_1_1", place: number) => found.responses[criteria]?.[place - 1];
  return (
    <Panel
      title={t("care.assessments")}
      flush
      actions={
        onAssess && (
          <Button data-testid="assess" onClick={onAssess}>
            {t(found.assessments.length === 0 ? "care.assessBaseline" : "care.assess")}
          </Button>
        )
      }
    >
      {found.assessments.length === 0 ? (
        <EmptyState title={t("care.noAssessments")} text={t("care.noAssessmentsText")} />
      ) : (
        <Table<Assessment>
          rowKey="id"
          size="small"
          dataSource={[...found.assessments]}
          pagination={false}
          scroll={{ x: "max-content" }}
          columns={[
            {
              title: t("care.examined"),
              render: (_, each) => `${each.examined_on} · ${t(`care.modality.${each.modality}`)}`,
            },
            {
              title: t("care.measured"),
              render: (_, each) => (
                <>
                  {t("care.longest")} {measured(each.longest_mm)}
                  <br />
                  {t("care.viable")} {measured(each.viable_mm)}
                </>
              ),
            },
            { title: "mRECIST", render: (_, __, place) => <ResponseCell found={at("mrecist", place)} /> },
            { title: "RECIST 1.1", render: (_, __, place) => <ResponseCell found={at("recist_1_1", place)} /> },
            { title: t("care.findings"), render: (_, each) => <Findings assessment={each} /> },
            {
              title: "AFP",
              render: (_, { afp_ng_ml: afp }) => (afp === null || afp === undefined ? "–" : `${afp} ng/ml`),
            },
          ]}
        />
      )}
    </Panel>
  );
}
