import { useMutation } from "@tanstack/react-query";
import { type Case, type ConsentKind, consentsApi, type NewConsent } from "@tongtai/api-client";
import { Alert, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";

import { useFormDraft } from "../shell/drafts";
import { FormDialog } from "../shell/FormDialog";
import { useRefreshCase } from "../workflow/queries";
import { useCaseNaming, useWords } from "../workflow/words";

/** Version of the explanations that this page proposes; a hospital's own form gets its own name here. */
const TEMPLATE = "house-2026-11";

interface Fields {
  readonly template: string;
  readonly text: string;
  readonly signer_name: string;
  readonly relation: NewConsent["relation"];
  readonly proxy_reason?: string;
  readonly fee_line?: string;
  readonly risks?: string;
  readonly alternatives?: string;
  readonly recipients?: string[];
  readonly valid_until?: string;
}

function wireOf(kind: ConsentKind, fields: Fields): NewConsent {
  return {
    kind,
    template: fields.template,
    text: fields.text,
    signer_name: fields.signer_name,
    relation: fields.relation,
    signed_at: new Date().toISOString(),
    fee_line: fields.fee_line ?? "",
    recipients: kind === "data_sharing" ? (fields.recipients ?? []) : [],
    risks: fields.risks ?? "",
    alternatives: fields.alternatives ?? "",
    proxy_reason: fields.proxy_reason ?? "",
    valid_until: fields.valid_until || null,
  };
}

/** Takes down a consent that was signed before the physician who explained it. */
export function SignConsent({
  shown,
  kind,
  onClose,
}: {
  readonly shown: Case;
  readonly kind: ConsentKind;
  onClose(): void;
}) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const { word: named, choices } = useWords();
  const naming = useCaseNaming(shown);
  const refresh = useRefreshCase(shown.id);
  const draft = useFormDraft(`consent-${kind}`, shown.id);
  const [form] = Form.useForm<Fields>();
  const relation = Form.useWatch("relation", form);
  const sign = useMutation({
    mutationFn: (fields: Fields) => consentsApi.sign(shown.id, wireOf(kind, fields)),
    onSuccess: async () => {
      draft.clear();
      await refresh();
      onClose();
    },
  });
  const missing = [{ required: true, message: word("form.missing") }];
  return (
    <FormDialog<Fields>
      title={t("consent.dialog", { kind: named("kind", kind) })}
      okText={t("consent.ok")}
      width={720}
      form={form}
      initialValues={{
        template: TEMPLATE,
        text: t(`consent.explain.${kind}`),
        relation: "patient",
        recipients: [shown.invited.id],
        ...(draft.restored as Partial<Fields> | null),
      }}
      busy={sign.isPending}
      error={sign.error}
      naming={naming}
      onChange={draft.save}
      onSubmit={(fields) => sign.mutate(fields)}
      onClose={onClose}
    >
      {draft.restored !== null && <Alert type="info" showIcon title={word("form.restored")} />}
      <Form.Item name="text" label={t("consent.text")} rules={missing}>
        <Input.TextArea autoSize={{ minRows: 3, maxRows: 10 }} />
      </Form.Item>
      {kind === "telemedicine" && (
        <Form.Item name="fee_line" label={t("consent.fee")} rules={missing}>
          <Input placeholder={t("consent.feeHint")} />
        </Form.Item>
      )}
      {kind === "data_sharing" && (
        <Form.Item name="recipients" label={t("consent.recipients")} rules={missing}>
          <Select
            mode="multiple"
            options={[shown.invited].map(({ id }) => ({ value: id, label: naming("institution_id", id) }))}
          />
        </Form.Item>
      )}
      {(kind === "surgery" || kind === "anaesthesia") && (
        <>
          <Form.Item name="risks" label={t("consent.risks")} rules={kind === "surgery" ? missing : []}>
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} />
          </Form.Item>
          <Form.Item name="alternatives" label={t("consent.alternatives")} rules={kind === "surgery" ? missing : []}>
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} />
          </Form.Item>
        </>
      )}
      <Form.Item name="relation" label={t("consent.relation")} rules={missing}>
        <Select options={choices("relation")} />
      </Form.Item>
      <Form.Item name="signer_name" label={t("consent.signerName")} rules={missing}>
        <Input autoComplete="off" />
      </Form.Item>
      {relation !== undefined && relation !== "patient" && (
        <Form.Item name="proxy_reason" label={t("consent.proxyReason")}>
          <Input />
        </Form.Item>
      )}
      <Form.Item name="valid_until" label={t("consent.validUntil")}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="template" label={t("consent.template")} rules={missing}>
        <Input />
      </Form.Item>
    </FormDialog>
  );
}
