import { useMutation } from "@tanstack/react-query";
import { casesApi, type NewCase } from "@tongtai/api-client";
import { Panel } from "@tongtai/ui";
import { Alert, Button, Form, Space } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router-dom";

import { useFormDraft } from "../shell/drafts";
import { useErrorText } from "../shell/errors";
import { CentreField, PatientFields, ProcedureFields, RoomField, ScheduledField } from "./CaseFields";
import { type CaseForm, fieldsOf, wireOf } from "./caseForm";

export default function NewCasePage() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const draft = useFormDraft("case", "new");
  const create = useMutation({
    // The form asks for all of these before it lets anybody submit.
    mutationFn: (fields: CaseForm) => casesApi.create(wireOf(fields) as NewCase),
    onSuccess: (made) => {
      draft.clear();
      return navigate(`/cases/${made.id}`);
    },
  });
  return (
    <Form<CaseForm>
      layout="vertical"
      className="page-stack page-narrow"
      initialValues={{ disclosure: "masked", ...fieldsOf(draft.restored) }}
      onValuesChange={(_, all) => draft.save(all)}
      scrollToFirstError={{ focus: true }}
      onFinish={(fields) => {
        create.mutate(fields);
      }}
    >
      <div className="page-head">
        <Link to="/cases">{t("cases.title")}</Link>
        <h1>{t("cases.new")}</h1>
      </div>
      <Panel title={t("case.procedure")}>
        <ProcedureFields />
      </Panel>
      <Panel title={t("case.patient")}>
        <PatientFields />
      </Panel>
      <Panel title={t("case.arrangement")}>
        <CentreField />
        <RoomField />
        <ScheduledField />
      </Panel>
      {draft.restored && <Alert type="info" showIcon title={t("form.restored")} />}
      {create.isError && <Alert type="error" showIcon role="alert" title={errorText(create.error)} />}
      <Space>
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {t("cases.create")}
        </Button>
        <Link to="/cases" onClick={draft.clear}>
          {t("cancel")}
        </Link>
      </Space>
    </Form>
  );
}
