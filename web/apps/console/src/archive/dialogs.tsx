import { useMutation } from "@tanstack/react-query";
import { archiveApi, type Case, type NewBundle } from "@tongtai/api-client";
import { Alert, Form, Input, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";

import { FormDialog } from "../shell/FormDialog";
import { PasswordField } from "../signing/SignDialog";
import { useRefreshCase } from "../workflow/queries";
import { useWords } from "../workflow/words";

interface DialogProps {
  readonly shown: Case;
  onClose(): void;
}

function useSend<F>(shown: Case, send: (fields: F) => Promise<unknown>, onClose: () => void) {
  const refresh = useRefreshCase(shown.id);
  return useMutation({
    mutationFn: send,
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
}

function useMissing() {
  const { t: word } = useTranslation();
  return [{ required: true, message: word("form.missing") }];
}

type BundleFields = { retention: NewBundle["retention"]; last_day?: string; reason?: string; addendum?: string };

/** The record as it is now becomes a version of the archive; a later one says why. */
export function BundleDialog({ shown, first, onClose }: DialogProps & { readonly first: boolean }) {
  const { t } = useTranslation("clinical");
  const { choices } = useWords();
  const missing = useMissing();
  const send = useSend(
    shown,
    ({ retention, last_day, reason = "", addendum = "" }: BundleFields) =>
      archiveApi.make(shown.id, { retention, last_day: last_day || null, reason, addendum }),
    onClose,
  );
  return (
    <FormDialog<BundleFields>
      title={t(first ? "archive.make" : "archive.makeNext")}
      okText={t("archive.makeOk")}
      initialValues={{ retention: "inpatient" }}
      busy={send.isPending}
      error={send.error}
      onSubmit={send.mutate}
      onClose={onClose}
    >
      <p>{t("archive.makeText")}</p>
      <Form.Item name="retention" label={t("archive.retention")} rules={missing}>
        <Select options={choices("retention")} />
      </Form.Item>
      <Form.Item name="last_day" label={t("archive.lastDay")}>
        <Input type="date" />
      </Form.Item>
      {!first && (
        <>
          <Form.Item name="reason" label={t("archive.reason")} rules={missing}>
            <Input.TextArea autoSize={{ minRows: 2 }} />
          </Form.Item>
          <Form.Item name="addendum" label={t("archive.addendum")}>
            <Input.TextArea autoSize={{ minRows: 2 }} />
          </Form.Item>
        </>
      )}
    </FormDialog>
  );
}

/** Nothing of the case is deleted while a hold stands. */
export function HoldDialog({ shown, onClose }: DialogProps) {
  const { t } = useTranslation("clinical");
  const missing = useMissing();
  const send = useSend(shown, ({ reason }: { reason: string }) => archiveApi.hold(shown.id, reason), onClose);
  return (
    <FormDialog<{ reason: string }>
      title={t("archive.hold")}
      okText={t("archive.holdOk")}
      busy={send.isPending}
      error={send.error}
      onSubmit={send.mutate}
      onClose={onClose}
    >
      <p>{t("archive.holdText")}</p>
      <Form.Item name="reason" label={t("archive.holdReason")} rules={missing}>
        <Input.TextArea autoSize={{ minRows: 2 }} />
      </Form.Item>
    </FormDialog>
  );
}

type SealFields = { patient_side: string; relation: string; finished: boolean; password: string };

/** Sealing needs both sides: who is present for the patient, and the hospital's own signature. */
export function SealDialog({ shown, onClose }: DialogProps) {
  const { t } = useTranslation("clinical");
  const missing = useMissing();
  const send = useSend(shown, (fields: SealFields) => archiveApi.seal(shown.id, fields), onClose);
  return (
    <FormDialog<SealFields>
      title={t("archive.seal")}
      okText={t("archive.sealOk")}
      initialValues={{ finished: true }}
      busy={send.isPending}
      error={send.error}
      onSubmit={send.mutate}
      onClose={onClose}
    >
      <Alert type="warning" showIcon title={t("archive.sealText")} style={{ marginBottom: 16 }} />
      <Form.Item name="patient_side" label={t("archive.patientSide")} rules={missing}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="relation" label={t("archive.relation")} rules={missing}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="finished" label={t("archive.which")}>
        <Radio.Group
          optionType="button"
          options={[
            { value: true, label: t("archive.finishedPart") },
            { value: false, label: t("archive.laterPart") },
          ]}
        />
      </Form.Item>
      <PasswordField />
    </FormDialog>
  );
}

type UnsealFields = { settled: boolean; reason: string };

export function UnsealDialog({ shown, onClose }: DialogProps) {
  const { t } = useTranslation("clinical");
  const missing = useMissing();
  const send = useSend(shown, (fields: UnsealFields) => archiveApi.unseal(shown.id, fields), onClose);
  return (
    <FormDialog<UnsealFields>
      title={t("archive.unseal")}
      okText={t("archive.unsealOk")}
      initialValues={{ settled: true }}
      busy={send.isPending}
      error={send.error}
      onSubmit={send.mutate}
      onClose={onClose}
    >
      <Form.Item name="settled">
        <Radio.Group
          optionType="button"
          options={[
            { value: true, label: t("archive.settled") },
            { value: false, label: t("archive.threeYears") },
          ]}
        />
      </Form.Item>
      <Form.Item name="reason" label={t("archive.unsealReason")} rules={missing}>
        <Input.TextArea autoSize={{ minRows: 2 }} />
      </Form.Item>
    </FormDialog>
  );
}
