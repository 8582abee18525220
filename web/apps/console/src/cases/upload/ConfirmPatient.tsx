import { useMutation } from "@tanstack/react-query";
import { imagingApi, type ImagePush, type Quarantined } from "@tongtai/api-client";
import { Alert, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../../shell/errors";
import { isoDate } from "../dicomDate";

interface ConfirmPatientProps {
  readonly caseId: string;
  readonly pushId: string;
  readonly waiting: Quarantined;
  onConfirmed(summary: ImagePush): void;
}

/** Images of somebody else, or of the same person written otherwise: only a typed name lets them in. */
export function ConfirmPatient({ caseId, pushId, waiting, onConfirmed }: ConfirmPatientProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [open, setOpen] = useState(true);
  const [form] = Form.useForm<{ typedName: string }>();
  const confirm = useMutation({
    mutationFn: ({ typedName }: { typedName: string }) =>
      imagingApi.confirmPatient(caseId, pushId, { typed_name: typedName.trim(), identity: waiting.identity }),
    onSuccess: onConfirmed,
  });
  if (!open) {
    return (
      <Button
        onClick={() => {
          setOpen(true);
        }}
      >
        {t("confirm.again")}
      </Button>
    );
  }
  return (
    <Modal
      open
      title={t("confirm.title")}
      okText={t("confirm.ok")}
      cancelText={t("confirm.leave")}
      confirmLoading={confirm.isPending}
      onOk={() => {
        form.submit();
      }}
      onCancel={() => {
        setOpen(false);
      }}
    >
      <Alert type="warning" showIcon title={t("confirm.what", { count: waiting.files })} />
      <dl className="facts" style={{ margin: "16px 0" }}>
        <dt>{t("confirm.found")}</dt>
        <dd>{waiting.patient.names.join(" = ")}</dd>
        <dt>{t("patient.birthDate")}</dt>
        <dd>{isoDate(waiting.patient.birth_date) || t("confirm.absent")}</dd>
        <dt>{t("patient.hospitalNumber")}</dt>
        <dd>{waiting.patient.patient_id || t("confirm.absent")}</dd>
        <dt>{t("confirm.differing")}</dt>
        <dd>{waiting.differing.map((field) => t(`confirm.field.${field}`, { defaultValue: field })).join(" · ")}</dd>
      </dl>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(fields) => {
          confirm.mutate(fields);
        }}
      >
        <Form.Item name="typedName" label={t("confirm.type")} rules={[{ required: true, message: t("form.missing") }]}>
          <Input autoFocus autoComplete="off" />
        </Form.Item>
      </Form>
      {confirm.isError && <Alert type="error" showIcon title={errorText(confirm.error)} />}
    </Modal>
  );
}
