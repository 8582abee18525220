import { useQuery } from "@tanstack/react-query";
import { institutionsApi } from "@tongtai/api-client";
import { DatePicker, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";

import { useLocalName } from "../shell/preferences";
import { useMe } from "../shell/session";

/** Whom the hospital invites; it stays when the case is there. */
export function CentreField() {
  const { t } = useTranslation();
  const localName = useLocalName();
  const institutions = useQuery({ queryKey: ["institutions"], queryFn: institutionsApi.list });
  const centres = institutions.data?.filter(({ kind }) => kind === "invited");
  return (
    <Form.Item
      name="invited_institution_id"
      label={t("case.centre")}
      rules={[{ required: true, message: t("form.missing") }]}
    >
      <Select
        loading={institutions.isPending}
        options={centres?.map((each) => ({ value: each.id, label: localName(each) }))}
      />
    </Form.Item>
  );
}

export function ScheduledField() {
  const { t } = useTranslation();
  return (
    <Form.Item
      name="scheduled_at"
      label={t("case.scheduledAt")}
      rules={[{ required: true, message: t("form.missing") }]}
    >
      <DatePicker showTime={{ format: "HH:mm", minuteStep: 5 }} format="YYYY-MM-DD HH:mm" />
    </Form.Item>
  );
}

/** In which of the hospital's own rooms. */
export function RoomField() {
  const { t } = useTranslation();
  const localName = useLocalName();
  const me = useMe();
  const rooms = useQuery({ queryKey: ["rooms"], queryFn: institutionsApi.rooms });
  const required = [{ required: true, message: t("form.missing") }];
  const ours = rooms.data?.filter(({ institution_id }) => institution_id === me.institution.id);
  return (
    <Form.Item name="operating_room_id" label={t("case.room")} rules={required}>
      <Select loading={rooms.isPending} options={ours?.map((each) => ({ value: each.id, label: localName(each) }))} />
    </Form.Item>
  );
}

export function ProcedureFields() {
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

export function PatientFields() {
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
