import { useMutation } from "@tanstack/react-query";
import { ApiError, authApi, type Me } from "@tongtai/api-client";
import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";

interface Fields {
  readonly login: string;
  readonly password: string;
  readonly totp?: string;
}

export function LoginForm({ onDone }: { onDone(me: Me, password: string): void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [codeAsked, setCodeAsked] = useState(false);
  const login = useMutation({
    mutationFn: (fields: Fields) => authApi.login(fields),
    onSuccess: (me, fields) => {
      onDone(me, fields.password);
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === "totp_required") setCodeAsked(true);
    },
  });
  const onlyAsksForCode = login.error instanceof ApiError && login.error.code === "totp_required";
  return (
    <Form<Fields>
      layout="vertical"
      size="large"
      requiredMark={false}
      onFinish={(fields) => {
        login.mutate({ ...fields, login: fields.login.trim() });
      }}
    >
      {login.isError && !onlyAsksForCode && (
        <Alert type="error" showIcon role="alert" title={errorText(login.error)} style={{ marginBottom: 16 }} />
      )}
      <Form.Item name="login" label={t("login.name")} rules={[{ required: true, message: t("login.nameMissing") }]}>
        <Input autoFocus autoComplete="username" autoCapitalize="none" spellCheck={false} />
      </Form.Item>
      <Form.Item
        name="password"
        label={t("login.password")}
        rules={[{ required: true, message: t("login.passwordMissing") }]}
      >
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      {codeAsked && (
        <Form.Item
          name="totp"
          label={t("login.code")}
          extra={t("login.codeHint")}
          rules={[{ required: true, pattern: /^\d{6}$/, message: t("account.codeFormat") }]}
        >
          <Input autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" block loading={login.isPending}>
        {t("login.submit")}
      </Button>
    </Form>
  );
}
