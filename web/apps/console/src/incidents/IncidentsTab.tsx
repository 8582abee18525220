import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Incident, incidentsApi, type RecordValues } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router-dom";

import { ListPanel } from "../admin/ListPanel";
import { DueMark } from "../desk/DueMark";
import { localInstant } from "../followup/days";
import { RecordFields, useRecordForm } from "../forms/RecordFields";
import { toWire } from "../forms/recordValues";
import { useFormDraft } from "../shell/drafts";
import { FormDialog } from "../shell/FormDialog";
import { formatDateTime, usePreferences } from "../shell/preferences";
import { useWords } from "../workflow/words";

export const INCIDENTS = ["incidents"] as const;
export const INCIDENT_LEVEL = { reported: "bad", contained: "warn", closed: "good", dismissed: "off" } as const;

/** The clock that runs out first, of those that still run. */
function NextDue({ incident }: { readonly incident: Incident }) {
  const isOpen = incident.state === "reported" || incident.state === "contained";
  const next = incident.deadlines.find(({ met }) => isOpen && !met);
  return next === undefined ? <>–</> : <DueMark dueAt={next.due_at} timer={next.key} />;
}

function ReportDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("clinical");
  const form = useRecordForm("incident");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const draft = useFormDraft("incident", "new");
  const report = useMutation({
    mutationFn: incidentsApi.report,
    onSuccess: async ({ id }) => {
      draft.clear();
      await queries.invalidateQueries({ queryKey: INCIDENTS });
      void navigate(`/incidents/${id}`);
    },
  });
  if (form === undefined) return null;
  return (
    <FormDialog<RecordValues>
      title={t("incident.report")}
      okText={t("incident.send")}
      width={760}
      initialValues={draft.restored ?? { discovered_at: localInstant(new Date()) }}
      busy={report.isPending}
      error={report.error}
      onSubmit={(fields) => report.mutate(toWire(form, fields))}
      onClose={onClose}
      onChange={draft.save}
    >
      <p>{t("incident.reportText")}</p>
      <RecordFields form={form} step="report" />
    </FormDialog>
  );
}

/** Incidents: everybody reports one and follows what they reported; who handles them sees all of the institution's. */
export function IncidentsTab() {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const { word } = useWords();
  const form = useRecordForm("incident");
  const [reporting, setReporting] = useState(false);
  const query = useQuery({ queryKey: INCIDENTS, queryFn: incidentsApi.list });
  const kind = (one: Incident) =>
    form?.fields.find(({ key }) => key === "kind")?.choices.find(({ code }) => code === one.values.kind)?.[language];
  return (
    <ListPanel<Incident>
      title={t("incident.title")}
      query={query}
      empty={t("incident.none")}
      addLabel={t("incident.report")}
      onAdd={() => setReporting(true)}
      columns={[
        {
          title: t("incident.number"),
          render: (_, { id, number }) => <Link to={`/incidents/${id}`}>{t("incident.numbered", { number })}</Link>,
        },
        { title: t("incident.kind"), render: (_, one) => kind(one) },
        {
          title: t("incident.state"),
          render: (_, { state }) => (
            <StateMark level={INCIDENT_LEVEL[state]}>{word("incident_state", state)}</StateMark>
          ),
        },
        { title: t("incident.next"), render: (_, one) => <NextDue incident={one} /> },
        { title: t("incident.discovered"), render: (_, { discovered_at }) => formatDateTime(discovered_at) },
        {
          title: t("incident.reporter"),
          render: (_, { reporter }) => (language === "en" ? reporter.name_en : reporter.name),
        },
      ]}
    >
      {reporting && <ReportDialog onClose={() => setReporting(false)} />}
    </ListPanel>
  );
}
