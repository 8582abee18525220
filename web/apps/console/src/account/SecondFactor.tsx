import { useMutation, useQueryClient } from "@tanstack/react-query";
import { authApi } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Alert, Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { ME_KEY, useMe } from "../shell/session";

/** An authenticator app as second factor: started, confirmed with a first code, removed with the password. */
export function SecondFactor() {
  const { t } = useTranslation();
  const { user } = useMe();
  return (
    <Panel
      title={t("account.totp")}
      actions={
        <StateMark level={user.totp_enabled ? "good" : "off"}>
          {t(user.totp_enabled ? "account.totpOn" : "account.totpOff")}
        </StateMark>
      }
    >
      {user.totp_enabled ? <RemoveSecondFactor /> : <AddSecondFactor />}
    </Panel>
  );
}

/** The server's SVG is made to stand within HTML; as a picture of its own it needs its namespace. */
function svgPicture(svg: string): string {
  const standalone = svg.replace(/^<svg(?![^>]*xmlns=)/, '<svg xmlns="http://www.w3.org/2000/svg"');
  return `data:image/svg+xml;utf8,${encodeURIComponent(standalone)}`;
}

function useReloadMe() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ME_KEY });
}

function AddSecondFactor() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const reload = useReloadMe();
  const start = useMutation({ mutationFn: authApi.startTotp });
  const confirm = useMutation({ mutationFn: authApi.confirmTotp, onSuccess: reload });
  const error = start.error ?? confirm.error;
  if (start.data === undefined) {
    return (
      <>
        <p>{t("account.totpWhy")}</p>
        {error !== null && <Alert type="error" showIcon title={errorText(error)} style={{ marginBottom: 16 }} />}
        <Button
          onClick={() => {
            start.mutate();
          }}
          loading={start.isPending}
        >
          {t("account.totpStart")}
        </Button>
      </>
    );
  }
  return (
    <Form<{ code: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ code }) => {
        confirm.mutate(code);
      }}
    >
      <p>{t("account.totpScan")}</p>
      <img
        src={svgPicture(start.data.qr_svg)}
        alt={t("account.totpQr")}
        style={{ background: "white", padding: 8, borderRadius: 8 }}
      />
      <code className="secret">{start.data.secret}</code>
      {error !== null && <Alert type="error" showIcon title={errorText(error)} style={{ marginBottom: 16 }} />}
      <Form.Item
        name="code"
        label={t("login.code")}
        rules={[{ required: true, pattern: /^\d{6}$/, message: t("account.codeFormat") }]}
      >
        <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} style={{ width: 160 }} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={confirm.isPending}>
        {t("account.totpConfirm")}
      </Button>
    </Form>
  );
}

function RemoveSecondFactor() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const reload = useReloadMe();
  const remove = useMutation({ mutationFn: authApi.removeTotp, onSuccess: reload });
  return (
    <Form<{ password: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ password }) => {
        remove.mutate(password);
      }}
    >
      {remove.isError && <Alert type="error" showIcon title={errorText(remove.error)} style={{ marginBottom: 16 }} />}
      <Form.Item name="password" label={t("account.current")} rules={[{ required: true, message: t("form.missing") }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Button danger htmlType="submit" loading={remove.isPending}>
        {t("account.totpRemove")}
      </Button>
    </Form>
  );
}
