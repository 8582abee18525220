import { useMutation, useQuery } from "@tanstack/react-query";
import { careApi, type Case, type CaseWarning } from "@tongtai/api-client";
import { EmptyState, ErrorState, Panel, StateMark } from "@tongtai/ui";
import { Alert, Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { formatDateTime, usePersonName, usePreferences } from "../shell/preferences";
import { Waiting } from "../shell/Waiting";
import { Refusal } from "../workflow/Lacks";
import { useRefreshCase } from "../workflow/queries";

import "./warnings.css";

type Reason = CaseWarning["reasons"][number];

function ReasonLine({ reason }: { readonly reason: Reason }) {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const note = language === "en" ? reason.note_en : reason.note_zh;
  return (
    <li>
      {t("warning.because", { fact: t(`fact.${reason.fact}`), value: valueText(reason.value, t) })}
      {note !== "" && <strong> {note}</strong>}
      <br />
      <span className="shell-dim">
        {t("warning.condition", { condition: reason.condition })} · {t("warning.source", { source: reason.source })}
      </span>
    </li>
  );
}

function valueText(value: Reason["value"], t: (key: string) => string): string {
  if (typeof value === "boolean") return t(value ? "fact.yes" : "fact.no");
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : t(`fact.choice.${value}`);
}

function Acknowledge({ shown, warning }: { readonly shown: Case; readonly warning: CaseWarning }) {
  const { t } = useTranslation("clinical");
  const refresh = useRefreshCase(shown.id);
  const [note, setNote] = useState("");
  const acknowledge = useMutation({
    mutationFn: () => careApi.acknowledge(shown.id, warning.rule_id, note),
    onSuccess: refresh,
  });
  return (
    <div className="warning__acknowledge tt-no-print">
      <Input
        value={note}
        onChange={({ target }) => setNote(target.value)}
        placeholder={t("warning.note")}
        aria-label={t("warning.note")}
      />
      <Button
        type="primary"
        loading={acknowledge.isPending}
        data-testid={`acknowledge-${warning.rule_id}`}
        onClick={() => acknowledge.mutate()}
      >
        {t("warning.acknowledge")}
      </Button>
      <Refusal error={acknowledge.error} />
    </div>
  );
}

function WarningCard({ shown, warning }: { readonly shown: Case; readonly warning: CaseWarning }) {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const personName = usePersonName();
  const english = language === "en";
  const { acknowledged } = warning;
  return (
    <section className="record warning" data-level={warning.level} data-testid={`warning-${warning.rule_id}`}>
      <div className="record__head">
        <h3>
          <StateMark level={warning.level === "red" ? "bad" : "warn"}>
            {warning.rule_id} {english ? warning.name_en : warning.name_zh}
          </StateMark>
        </h3>
        <span>{t(`warning.level.${warning.level}`)}</span>
        <span className="record__end">
          {acknowledged ? (
            <StateMark level="good">
              {t("warning.acknowledged", {
                name: personName({ display_name: acknowledged.name, display_name_en: acknowledged.name_en }),
                at: formatDateTime(acknowledged.at),
              })}
              {warning.note !== "" && ` · ${warning.note}`}
            </StateMark>
          ) : (
            <StateMark level="warn">{t("warning.open")}</StateMark>
          )}
        </span>
      </div>
      <p className="warning__action">{english ? warning.action_en : warning.action_zh}</p>
      <ul className="plain-list">
        {warning.reasons.map((reason) => (
          <ReasonLine key={reason.condition + reason.fact} reason={reason} />
        ))}
      </ul>
      <p className="shell-dim warning__source">{t("warning.ruleSource", { source: warning.source })}</p>
      {!acknowledged && shown.permissions.includes("warning_acknowledge") && (
        <Acknowledge shown={shown} warning={warning} />
      )}
    </section>
  );
}

const LOUDEST_FIRST = (a: CaseWarning, b: CaseWarning) => Number(b.level === "red") - Number(a.level === "red");

/** What may go wrong in this case, why, by which source, what to do; the site's physician takes note of each. */
export function WarningsPanel({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const personName = usePersonName();
  const refresh = useRefreshCase(shown.id);
  const query = useQuery({ queryKey: ["warnings", shown.id], queryFn: () => careApi.warnings(shown.id) });
  const judge = useMutation({ mutationFn: () => careApi.judge(shown.id, {}), onSuccess: refresh });
  const run = shown.permissions.includes("warning_run") && (
    <Button loading={judge.isPending} data-testid="judge" onClick={() => judge.mutate()}>
      {t(query.data?.judgement ? "warning.runAgain" : "warning.run")}
    </Button>
  );
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ErrorState title={word("error.title")} text={errorText(query.error)} />;
  const { judgement, missing_for_report: missing } = query.data;
  return (
    <Panel title={t("warning.title")} actions={run || undefined}>
      <div className="page-stack">
        <Refusal error={judge.error} />
        {judgement === null ? (
          <EmptyState title={t("warning.none")} text={t("warning.noneText")} />
        ) : (
          <>
            <p className="shell-dim warning__source">
              {t("warning.judged", {
                version: judgement.version,
                name: personName({ display_name: judgement.made.name, display_name_en: judgement.made.name_en }),
                at: formatDateTime(judgement.made.at),
                rules: judgement.rules_version,
              })}
              {" · "}
              {t(judgement.plan_sha256 === "" ? "warning.withoutPlan" : "warning.withPlan")}
            </p>
            {missing.length > 0 && (
              <Alert type="warning" showIcon title={t("warning.holdsUp", { rules: missing.join("、") })} />
            )}
            {judgement.warnings.length === 0 && <EmptyState title={t("warning.nothingFires")} />}
            {[...judgement.warnings].sort(LOUDEST_FIRST).map((warning) => (
              <WarningCard key={warning.rule_id} shown={shown} warning={warning} />
            ))}
            <Undecided undecided={judgement.undecided} />
          </>
        )}
      </div>
    </Panel>
  );
}

/** Rules that could not be judged: what is not known fires nothing, and that must be seen. */
function Undecided({ undecided }: { readonly undecided: Readonly<Record<string, readonly string[]>> }) {
  const { t } = useTranslation("clinical");
  const rows = Object.entries(undecided);
  if (rows.length === 0) return null;
  return (
    <details>
      <summary>{t("warning.undecided", { count: rows.length })}</summary>
      <ul className="plain-list">
        {rows.map(([rule, facts]) => (
          <li key={rule}>
            {rule} {t("warning.lacks", { facts: facts.map((fact) => t(`fact.${fact}`)).join("、") })}
          </li>
        ))}
      </ul>
    </details>
  );
}
