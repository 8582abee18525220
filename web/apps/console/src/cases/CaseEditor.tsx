import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Case, casesApi } from "@tongtai/api-client";
import { Alert, Button, Form, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormDraft } from "../shell/drafts";
import { useErrorText } from "../shell/errors";
import { AwayWarning } from "./AwayWarning";
import { type CaseForm, changesOf, fieldsOf, wireOf } from "./caseForm";
import { PatientFields, ProcedureFields, RoomField, ScheduledField } from "./CaseFields";

/** What this side may change: the hospital what is its own, the centre the time. */
function storedOf(shown: Case) {
  // To the minute, as the picker shows it: seconds that nobody sees must not count as a change.
  const scheduled_at = new Date(shown.scheduled_at).toISOString();
  if (shown.side === "centre") return { scheduled_at };
  const { technique, lesion, disclosure, operating_room, patient } = shown;
  const { name, sex, birth_date, hospital_number } = patient;
  const known = name !== null && sex !== null && birth_date !== null && hospital_number !== null;
  return {
    technique,
    lesion,
    disclosure,
    operating_room_id: operating_room.id,
    scheduled_at,
    ...(known ? { patient: { name, sex, birth_date, hospital_number } } : {}),
  };
}

/** A draft speaks only of what was changed in it. */
function definedOnly(fields: CaseForm): CaseForm {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

interface CaseEditorProps {
  readonly shown: Case;
  onClose(): void;
}

/** The case's facts in a form that keeps what is typed until it is saved. */
export function CaseEditor({ shown, onClose }: CaseEditorProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const draft = useFormDraft("case", shown.id);
  // What the person saw when he opened the form: against it his changes are told from other people's.
  const [base] = useState(() => storedOf(shown));
  const done = () => {
    draft.clear();
    onClose();
  };
  const change = useMutation({
    mutationFn: (fields: CaseForm) => {
      const changes = changesOf(base, wireOf(fields));
      const nothing = Object.keys(changes).length === 0;
      return nothing ? Promise.resolve(shown) : casesApi.change(shown.id, { ...changes, version: shown.version });
    },
    onSuccess: (changed) => {
      queries.setQueryData(["case", shown.id], changed);
      void queries.invalidateQueries({ queryKey: ["cases"] });
      done();
    },
    // Somebody else's change: the newest comes, and what was typed here stays in the form.
    onError: () => queries.invalidateQueries({ queryKey: ["case", shown.id] }),
  });
  const [form] = Form.useForm<CaseForm>();
  const wanted = Form.useWatch("scheduled_at", form);
  return (
    <Form<CaseForm>
      form={form}
      layout="vertical"
      data-testid="case-editor"
      initialValues={{ ...fieldsOf(base), ...definedOnly(fieldsOf(draft.restored)) }}
      scrollToFirstError={{ focus: true }}
      onValuesChange={(_, all) => draft.save(changesOf(base, wireOf(all)))}
      onFinish={(fields) => {
        change.mutate(fields);
      }}
    >
      {draft.restored && <Alert type="info" showIcon title={t("form.restored")} style={{ marginBottom: 16 }} />}
      {shown.side === "site" && (
        <>
          <ProcedureFields />
          <RoomField />
        </>
      )}
      <ScheduledField />
      <div style={{ marginBottom: 16 }}>
        <AwayWarning caseId={shown.id} at={wanted?.toISOString()} />
      </div>
      {"patient" in base && <PatientFields />}
      {change.isError && (
        <Alert type="error" showIcon role="alert" title={errorText(change.error)} style={{ marginBottom: 16 }} />
      )}
      <Space>
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t("save")}
        </Button>
        <Button onClick={done}>{t("cancel")}</Button>
      </Space>
    </Form>
  );
}
