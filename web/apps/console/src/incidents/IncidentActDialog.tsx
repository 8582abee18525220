import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  type IncidentAct,
  type IncidentFile,
  incidentsApi,
  type RecordForm,
  type RecordValues,
} from "@tongtai/api-client";
import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

import { localInstant } from "../followup/days";
import { RecordFields } from "../forms/RecordFields";
import { toFields, toWire } from "../forms/recordValues";
import { useFormDraft } from "../shell/drafts";
import { FormDialog } from "../shell/FormDialog";
import { INCIDENTS } from "./IncidentsTab";

/** Notices are often given by telephone before somebody writes them down. */
const TOLD = new Set<IncidentAct>(["tell_authority", "tell_people"]);

interface Props {
  readonly file: IncidentFile;
  readonly form: RecordForm;
  readonly act: IncidentAct;
  onClose(): void;
}

/** One act about an incident: the form again, or words and, of a notice, when it was given. */
export function IncidentActDialog({ file: { incident }, form, act, onClose }: Props) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const queries = useQueryClient();
  const draft = useFormDraft(`incident-${act}`, incident.id);
  const amends = act === "amend";
  const send = useMutation({
    mutationFn: ({ text, done_at, ...values }: RecordValues) =>
      incidentsApi.act(incident.id, {
        act,
        version: incident.version,
        text: typeof text === "string" ? text : "",
        done_at: typeof done_at === "string" ? new Date(done_at).toISOString() : null,
        values: amends ? toWire(form, values) : null,
      }),
    onSuccess: async () => {
      draft.clear();
      await queries.invalidateQueries({ queryKey: INCIDENTS });
      onClose();
    },
  });
  const first = amends ? toFields(form, incident.values) : {};
  const missing = [{ required: true, message: word("form.missing") }];
  return (
    <FormDialog<RecordValues>
      title={t(`incident.act.${act}`)}
      okText={amends ? word("save") : t(`incident.act.${act}`)}
      width={amends ? 760 : undefined}
      initialValues={{ ...first, ...draft.restored }}
      busy={send.isPending}
      error={send.error}
      onSubmit={send.mutate}
      onClose={onClose}
      onChange={draft.save}
    >
      {amends ? (
        <RecordFields form={form} step="report" />
      ) : (
        <>
          {TOLD.has(act) && (
            <Form.Item name="done_at" label={t("incident.toldAt")} extra={t("incident.toldAtHint")}>
              <Input type="datetime-local" max={localInstant(new Date())} />
            </Form.Item>
          )}
          <Form.Item name="text" label={t(`incident.words.${act}`)} extra={t("review.noPatient")} rules={missing}>
            <Input.TextArea autoSize={{ minRows: 2 }} maxLength={5000} />
          </Form.Item>
        </>
      )}
    </FormDialog>
  );
}
