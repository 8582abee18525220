import { Alert, Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

export interface Secret {
  readonly title: string;
  readonly text: string;
  readonly value: string;
}

/** A password or code that the server shows this once; only the button closes it, no slip beside it. */
export function SecretDialog({ secret, onClose }: { readonly secret: Secret; onClose(): void }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(secret.value);
    setCopied(true);
  };
  return (
    <Modal
      open
      title={secret.title}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={[
        // The clipboard exists on https and localhost only; elsewhere the text can still be selected.
        "clipboard" in navigator && (
          <Button key="copy" onClick={() => void copy()}>
            {t(copied ? "secret.copied" : "secret.copy")}
          </Button>
        ),
        <Button key="done" type="primary" onClick={onClose}>
          {t("secret.done")}
        </Button>,
      ]}
    >
      <p>{secret.text}</p>
      <code className="secret">{secret.value}</code>
      <Alert type="warning" showIcon title={t("secret.once")} />
    </Modal>
  );
}
