import { useMutation, useQuery } from "@tanstack/react-query";
import { type Case, casesApi, checklistsApi, type CheckSheet } from "@tongtai/api-client";
import { ErrorState, Panel, StateMark } from "@tongtai/ui";
import { Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router-dom";

import { TechniqueMark } from "../cases/marks";
import { useErrorText } from "../shell/errors";
import { FormDialog } from "../shell/FormDialog";
import { usePreferences, useTeamName } from "../shell/preferences";
import { useMe } from "../shell/session";
import { Waiting } from "../shell/Waiting";
import { Lacks, Refusal } from "../workflow/Lacks";
import { LineRow } from "./LineRow";
import { MeasureBar } from "./MeasureBar";
import { NextStep } from "./NextStep";
import { Parties } from "./Parties";
import { useMark, useSheets, useShowSheets } from "./queries";
import { currentSheet, mayAnswer, partiesOf, SHEETS } from "./sheets";

import "./checklists.css";

/** The four sheets of an operation, one list at a time with large controls: for gloves and a shared tablet. */
export default function ChecklistsPage() {
  const { t: word } = useTranslation();
  const { t } = useTranslation("clinical");
  const errorText = useErrorText();
  const { caseId = "", sheet: wanted } = useParams();
  const found = useQuery({ queryKey: ["case", caseId], queryFn: () => casesApi.get(caseId) });
  const sheets = useSheets(caseId);
  const error = found.error ?? sheets.error;
  if (error !== null) {
    return (
      <ErrorState
        title={word("error.title")}
        text={errorText(error)}
        action={<Link to={`/cases/${caseId}`}>{word("case.toList")}</Link>}
      />
    );
  }
  if (!found.data || !sheets.data) return <Waiting />;
  const name = SHEETS.find((each) => each === wanted) ?? currentSheet(sheets.data);
  const sheet = sheets.data.find((each) => each.sheet === name);
  const shown = found.data;
  return (
    <div className="checks">
      <div className="page-head">
        <Link className="check-button" to={`/cases/${caseId}`}>
          {shown.number}
        </Link>
        <h1>{t("check.title")}</h1>
        <TechniqueMark technique={shown.technique} />
        <span className="check-patient">
          {shown.patient.name} · {shown.lesion}
        </span>
        <div className="page-head__end">
          <Link className="check-button" to={`/room/${caseId}`}>
            {word("case.toRoom")}
          </Link>
        </div>
      </div>
      <SheetTabs caseId={caseId} sheets={sheets.data} active={name} />
      {sheet && (
        <Sheet
          key={`${sheet.sheet} ${sheet.round}`}
          shown={shown}
          sheet={sheet}
          before={sheets.data.find((each) => each.sheet === SHEETS[SHEETS.indexOf(name) - 1])}
        />
      )}
    </div>
  );
}

function SheetTabs({
  caseId,
  sheets,
  active,
}: {
  readonly caseId: string;
  readonly sheets: readonly CheckSheet[];
  readonly active: string;
}) {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  return (
    <nav className="check-tabs" aria-label={t("check.title")}>
      {sheets.map((each) => (
        <Link
          key={each.sheet}
          className="check-tab"
          aria-current={each.sheet === active ? "page" : undefined}
          to={`/cases/${caseId}/checklists/${each.sheet}`}
          replace
        >
          <span>{language === "en" ? each.en : each.zh}</span>
          <StateMark level={each.complete ? "good" : each.version > 0 ? "warn" : "off"}>
            {each.complete ? t("check.complete") : t("check.count", countOf(each))}
          </StateMark>
        </Link>
      ))}
    </nav>
  );
}

const countOf = (sheet: CheckSheet) => ({
  done: sheet.lines.filter(({ key }) => sheet.marks[key] !== undefined).length,
  all: sheet.lines.length,
});

interface SheetProps {
  readonly shown: Case;
  readonly sheet: CheckSheet;
  /** The sheet before this one: nothing is answered here until it is complete. */
  readonly before: CheckSheet | undefined;
}

function Sheet({ shown, sheet, before }: SheetProps) {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const me = useMe();
  const mark = useMark(shown.id, sheet.sheet);
  const named = useTeamName(shown.team);
  const [reopening, setReopening] = useState(false);
  const mine = partiesOf(shown, me.user.id);
  const early = before !== undefined && !before.complete;
  const confirmed = Object.keys(sheet.confirmations).length > 0;
  return (
    <div className="check-columns">
      <Panel flush title={t("check.lines", countOf(sheet))}>
        {early && (
          <p className="check-hint">
            <StateMark level="warn">{t("check.first", { sheet: language === "en" ? before.en : before.zh })}</StateMark>
          </p>
        )}
        {mine.size === 0 && <p className="check-hint">{t("check.onlyLook")}</p>}
        {sheet.reopen_reason !== "" && (
          <p className="check-hint">{t("check.reopened", { round: sheet.round, reason: sheet.reopen_reason })}</p>
        )}
        {sheet.lines.some(({ measure }) => measure !== null) && mine.size > 0 && !early && !confirmed && (
          <MeasureBar
            caseId={shown.id}
            sheet={sheet}
            mine={mine}
            busy={mark.isPending}
            onTake={(taken) => mark.mutate({ taken })}
          />
        )}
        <ul className="plain-list">
          {sheet.lines.map((line) => (
            <LineRow
              key={line.key}
              line={line}
              sheet={sheet}
              named={named}
              open={!early && !confirmed && mayAnswer(line, sheet, mine)}
              onAnswer={(value, reason) =>
                mark.mutate({ values: { [line.key]: value }, ...(reason && { reasons: { [line.key]: reason } }) })
              }
              onTake={(reason) =>
                mark.mutate({ taken: [line.key], ...(reason && { reasons: { [line.key]: reason } }) })
              }
            />
          ))}
        </ul>
        <p className="check-hint shell-dim">{t("check.source", { source: sheet.source })}</p>
      </Panel>
      <div className="page-stack check-side">
        <Refusal error={mark.error} />
        <Panel title={t("check.parties")}>
          <Parties shown={shown} sheet={sheet} mine={mine} />
        </Panel>
        <Panel title={t(sheet.complete ? "check.complete" : "check.missing", { count: sheet.lacks.length })}>
          {sheet.complete ? (
            <StateMark level="good">{t("check.allThere")}</StateMark>
          ) : (
            <details open={sheet.lacks.length <= 8}>
              <summary>{t("check.missingList", { count: sheet.lacks.length })}</summary>
              <Lacks lacks={sheet.lacks} />
            </details>
          )}
        </Panel>
        <Panel title={t("check.next")}>
          <NextStep shown={shown} sheet={sheet} />
        </Panel>
        {confirmed && mine.size > 0 && (
          <button type="button" className="check-button" onClick={() => setReopening(true)}>
            {t("check.reopen")}
          </button>
        )}
      </div>
      {reopening && <Reopen shown={shown} sheet={sheet} onClose={() => setReopening(false)} />}
    </div>
  );
}

function Reopen({ shown, sheet, onClose }: { readonly shown: Case; readonly sheet: CheckSheet; onClose(): void }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const showSheets = useShowSheets(shown.id);
  const reopen = useMutation({
    mutationFn: (reason: string) => checklistsApi.reopen(shown.id, sheet.sheet, reason),
    onSuccess: (sheets) => {
      showSheets(sheets);
      onClose();
    },
  });
  return (
    <FormDialog<{ reason: string }>
      title={t("check.reopen")}
      okText={t("check.reopen")}
      busy={reopen.isPending}
      error={reopen.error}
      onSubmit={({ reason }) => reopen.mutate(reason)}
      onClose={onClose}
    >
      <p>{t("check.reopenText")}</p>
      <Form.Item
        name="reason"
        label={t("check.reopenReason")}
        rules={[{ required: true, message: word("form.missing") }]}
      >
        <Input.TextArea autoSize={{ minRows: 2 }} />
      </Form.Item>
    </FormDialog>
  );
}
