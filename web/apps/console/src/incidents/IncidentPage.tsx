import { useQuery } from "@tanstack/react-query";
import { type IncidentAct, type IncidentFile, incidentsApi, type Lack, type RecordForm } from "@tongtai/api-client";
import { ErrorState, Panel, StateMark } from "@tongtai/ui";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router-dom";

import { DueMark } from "../desk/DueMark";
import { PrintButton } from "../desk/PrintButton";
import { RecordFacts, useRecordForm } from "../forms/RecordFields";
import { formatDateTime, usePreferences } from "../shell/preferences";
import { useMe } from "../shell/session";
import { Waiting } from "../shell/Waiting";
import { Lacks } from "../workflow/Lacks";
import { useWords } from "../workflow/words";
import { IncidentActDialog } from "./IncidentActDialog";
import { INCIDENT_LEVEL, INCIDENTS } from "./IncidentsTab";

import "./incidents.css";

/** The clocks of an incident: met, running, or over. */
function Clocks({ incident }: { readonly incident: IncidentFile["incident"] }) {
  const { t } = useTranslation("clinical");
  return (
    <dl className="facts">
      {incident.deadlines.map(({ key, due_at, met }) => (
        <div key={key} className="record-facts__row">
          <dt>{t(`incident.clock.${key}`)}</dt>
          <dd>
            {met ? (
              <StateMark level="good">{t("incident.met")}</StateMark>
            ) : (
              <>
                <DueMark dueAt={due_at} timer={key} /> <span className="shell-dim">{formatDateTime(due_at)}</span>
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What is not filled in, as one sentence instead of one each. */
function joined(lacks: readonly Lack[]): readonly Lack[] {
  const fields = lacks.filter(({ code }) => code === "record_field_missing");
  if (fields.length < 2) return lacks;
  const all = {
    code: "record_field_missing",
    values: { record_field: fields.map(({ values }) => values.record_field) },
  };
  return [all, ...lacks.filter((one) => !fields.includes(one))];
}

function Ways({ file, form }: { readonly file: IncidentFile; readonly form: RecordForm }) {
  const { t } = useTranslation("clinical");
  const [asked, setAsked] = useState<IncidentAct>();
  return (
    <Panel title={t("incident.todo")}>
      <ul className="incident-ways">
        {file.ways.map(({ act, lacks }) => (
          <li key={act}>
            <Button
              type={lacks.length === 0 ? "primary" : "default"}
              ghost={lacks.length === 0}
              disabled={lacks.length > 0}
              data-testid={`incident-${act}`}
              onClick={() => setAsked(act)}
            >
              {t(`incident.act.${act}`)}
            </Button>
            <Lacks lacks={joined(lacks)} />
          </li>
        ))}
      </ul>
      {asked !== undefined && (
        <IncidentActDialog file={file} form={form} act={asked} onClose={() => setAsked(undefined)} />
      )}
    </Panel>
  );
}

/** One incident: what is known, which clocks run, what can be done, and what was done by whom. */
export default function IncidentPage() {
  const { t } = useTranslation("clinical");
  const { t: shell } = useTranslation();
  const { language } = usePreferences();
  const { word, errorText } = useWords();
  const { permissions } = useMe();
  const { incidentId = "" } = useParams();
  const form = useRecordForm("incident");
  const query = useQuery({ queryKey: [...INCIDENTS, incidentId], queryFn: () => incidentsApi.get(incidentId) });
  if (query.isError) return <ErrorState title={shell("error.title")} text={errorText(query.error)} />;
  if (query.isPending || form === undefined) return <Waiting />;
  const { incident, events } = query.data;
  return (
    <>
      <div className="page-head">
        <Link to="/privacy/incidents">{t("incident.title")}</Link>
        <h1>{t("incident.numbered", { number: incident.number })}</h1>
        <StateMark level={INCIDENT_LEVEL[incident.state]}>{word("incident_state", incident.state)}</StateMark>
        <div className="page-head__end">
          <PrintButton />
        </div>
      </div>
      <div className="page-columns">
        <div className="page-stack">
          <Panel title={form[language]}>
            <RecordFacts form={form} values={incident.values} />
          </Panel>
          <Panel title={t("incident.done")}>
            <ul className="plain-list" data-testid="incident-events">
              {events.map((event) => (
                <li key={event.seq}>
                  {formatDateTime(event.at)} · {language === "en" ? event.by.name_en : event.by.name} ·{" "}
                  <strong>{t(`incident.did.${event.act}`)}</strong>
                  {formatDateTime(event.done_at) !== formatDateTime(event.at) && ` (${formatDateTime(event.done_at)})`}
                  {event.text !== "" && `: ${event.text}`}
                </li>
              ))}
            </ul>
          </Panel>
        </div>
        <div className="page-stack">
          <Panel title={t("incident.clocks")}>
            <Clocks incident={incident} />
          </Panel>
          {permissions.includes("privacy_manage") && <Ways file={query.data} form={form} />}
        </div>
      </div>
    </>
  );
}
