import { Form, Input } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { FormDialog } from "../shell/FormDialog";
import type { Naming } from "../workflow/words";

interface SignDialogProps {
  readonly title: string;
  /** What is signed, by its hash. */
  readonly sha256?: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly naming?: Naming;
  onSign(password: string): void;
  onClose(): void;
  readonly children?: ReactNode;
}

/** A signature: says what is signed and asks again who signs. */
export function SignDialog({ title, sha256, busy, error, naming, onSign, onClose, children }: SignDialogProps) {
  const { t } = useTranslation("clinical");
  return (
    <FormDialog<{ password: string }>
      title={title}
      okText={t("sign.confirm")}
      busy={busy}
      error={error}
      naming={naming}
      onSubmit={({ password }) => onSign(password)}
      onClose={onClose}
    >
      {children}
      {sha256 !== undefined && (
        <p className="shell-dim">
          SHA-256 <code className="hash">{sha256}</code>
        </p>
      )}
      <PasswordField />
    </FormDialog>
  );
}

/** The signer's own password, asked for at every signature. */
export function PasswordField() {
  const { t } = useTranslation("clinical");
  return (
    <Form.Item name="password" label={t("sign.password")} rules={[{ required: true, message: t("sign.missing") }]}>
      <Input.Password autoComplete="current-password" />
    </Form.Item>
  );
}
