import { useMutation } from "@tanstack/react-query";
import { ApiError, type CaseDocument, documentsApi, documentUrl } from "@tongtai/api-client";
import { Alert, Form, Input, Modal } from "antd";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { useRefreshDocuments } from "./queries";

interface Secrets {
  readonly password: string;
  readonly pin?: string;
}

interface SignDialogProps {
  readonly document: CaseDocument;
  readonly onClose: () => void;
}

/** A signature: says what is signed, by its hash, and asks again who signs. */
export function SignDialog({ document, onClose }: SignDialogProps) {
  const { t } = useTranslation("documents");
  const errorText = useErrorText();
  const refresh = useRefreshDocuments(document.case_id);
  const [form] = Form.useForm<Secrets>();
  const sign = useMutation({
    mutationFn: (secrets: Secrets) => documentsApi.sign(document.case_id, document.id, secrets),
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  // Only where keys are in tokens does the server ask for a PIN; until it has, nobody is bothered with it.
  const asksPin = sign.error instanceof ApiError && sign.error.code === "signing_token";
  return (
    <Modal
      open
      title={t("sign.title", { kind: t(`kind.${document.kind}`), version: document.version })}
      okText={t("sign.confirm")}
      cancelText={t("sign.close")}
      okButtonProps={{ "data-testid": "sign-confirm" }}
      confirmLoading={sign.isPending}
      onOk={() => {
        form.submit();
      }}
      onCancel={onClose}
    >
      <p>
        {t("sign.text")}{" "}
        <a href={documentUrl(document.case_id, document.id)} target="_blank" rel="noreferrer">
          {t("sign.read")}
        </a>
      </p>
      <p>
        SHA-256 <code className="document-hash">{document.record_sha256}</code>
      </p>
      {sign.isError && (
        <Alert type="error" showIcon role="alert" title={errorText(sign.error)} className="document-problem" />
      )}
      <Form<Secrets>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(secrets) => {
          sign.mutate(secrets);
        }}
      >
        <Form.Item name="password" label={t("sign.password")} rules={[{ required: true, message: t("sign.missing") }]}>
          <Input.Password autoComplete="current-password" autoFocus />
        </Form.Item>
        {asksPin && (
          <Form.Item name="pin" label={t("sign.pin")}>
            <Input.Password autoComplete="off" />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
