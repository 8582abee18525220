import { useMutation, useQuery } from "@tanstack/react-query";
import { casesApi, institutionsApi, type NewCase } from "@tongtai/api-client";
import { Panel } from "@tongtai/ui";
import { Alert, Button, DatePicker, Form, Input, Select, Space } from "antd";
import type { Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router-dom";

import { useErrorText } from "../shell/errors";
import { useLocalName } from "../shell/preferences";
import { useMe } from "../shell/session";

interface Fields extends Omit<NewCase, "patient" | "scheduled_at"> {
  readonly patient: Omit<NewCase["patient"], "birth_date"> & { readonly birth_date: Dayjs };
  readonly scheduled_at: Dayjs;
}

function caseOf(fields: Fields): NewCase {
  return {
    ...fields,
    patient: { ...fields.patient, birth_date: fields.patient.birth_date.format("YYYY-MM-DD") },
    scheduled_at: fields.scheduled_at.toISOString(),
  };
}

/** What the two sides agree on: who invites whom, where, and when. */
function ArrangementFields() {
  const { t } = useTranslation();
  const localName = useLocalName();
  const me = useMe();
  const institutions = useQuery({ queryKey: ["institutions"], queryFn: institutionsApi.list });
  const rooms = useQuery({ queryKey: ["rooms"], queryFn: institutionsApi.rooms });
  const required = [{ required: true, message: t("form.missing") }];
  const centres = institutions.data?.filter(({ kind }) => kind === "invited");
  const ours = rooms.data?.filter(({ institution_id }) => institution_id === me.institution.id);
  return (
    <>
      <Form.Item name="invited_institution_id" label={t("case.centre")} rules={required}>
        <Select
          loading={institutions.isPending}
          options={centres?.map((each) => ({ value: each.id, label: localName(each) }))}
        />
      </Form.Item>
      <Form.Item name="operating_room_id" label={t("case.room")} rules={required}>
        <Select loading={rooms.isPending} options={ours?.map((each) => ({ value: each.id, label: localName(each) }))} />
      </Form.Item>
      <Form.Item name="scheduled_at" label={t("case.scheduledAt")} rules={required}>
        <DatePicker showTime={{ format: "HH:mm", minuteStep: 5 }} format="YYYY-MM-DD HH:mm" />
      </Form.Item>
    </>
  );
}

function ProcedureFields() {
  const { t } = useTranslation();
  const required = [{ required: true, message: t("form.missing") }];
  return (
    <>
      <Form.Item name="technique" label={t("case.technique")} rules={required}>
        <Select options={["rfa", "mwa", "seeds"].map((value) => ({ value, label: t(`technique.${value}`) }))} />
      </Form.Item>
      <Form.Item name="lesion" label={t("case.lesion")} extra={t("case.lesionHint")} rules={required}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={2000} />
      </Form.Item>
    </>
  );
}

function PatientFields() {
  const { t } = useTranslation();
  const required = [{ required: true, whitespace: true, message: t("form.missing") }];
  const chosen = [{ required: true, message: t("form.missing") }];
  return (
    <>
      <Form.Item name={["patient", "name"]} label={t("patient.name")} rules={required}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item name={["patient", "sex"]} label={t("patient.sex")} rules={chosen}>
        <Select options={["M", "F", "O"].map((value) => ({ value, label: t(`sex.${value}`) }))} />
      </Form.Item>
      <Form.Item name={["patient", "birth_date"]} label={t("patient.birthDate")} rules={chosen}>
        <DatePicker disabledDate={(day) => day.isAfter(new Date())} format="YYYY-MM-DD" />
      </Form.Item>
      <Form.Item name={["patient", "hospital_number"]} label={t("patient.hospitalNumber")} rules={required}>
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
      <Form.Item name="disclosure" label={t("case.disclosure")} extra={t("case.disclosureHint")} rules={chosen}>
        <Select options={["masked", "full", "none"].map((value) => ({ value, label: t(`disclosure.${value}`) }))} />
      </Form.Item>
    </>
  );
}

export default function NewCasePage() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (fields: Fields) => casesApi.create(caseOf(fields)),
    onSuccess: (made) => navigate(`/cases/${made.id}`),
  });
  return (
    <Form<Fields>
      layout="vertical"
      className="page-stack page-narrow"
      initialValues={{ disclosure: "masked" }}
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
        <ArrangementFields />
      </Panel>
      {create.isError && <Alert type="error" showIcon role="alert" title={errorText(create.error)} />}
      <Space>
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {t("cases.create")}
        </Button>
        <Link to="/cases">{t("cancel")}</Link>
      </Space>
    </Form>
  );
}
