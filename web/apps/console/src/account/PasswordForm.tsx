import { useMutation } from "@tanstack/react-query";
import { authApi } from "@tongtai/api-client";
import { Alert, Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";

const MIN_LENGTH = 12;

interface Fields {
  readonly current: string;
  readonly next: string;
  readonly again: string;
}

export function PasswordForm({ current, onDone }: { readonly current?: string; onDone(): void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [form] = Form.useForm<Fields>();
  const change = useMutation({
    mutationFn: (fields: Fields) => authApi.changePassword({ current: current ?? fields.current, new: fields.next }),
    onSuccess: () => {
      form.resetFields();
      onDone();
    },
  });
  const missing = t("form.missing");
  return (
    <Form<Fields>
      form={form}
      layout="vertical"
      requiredMark={false}
      onFinish={(fields) => {
        change.mutate(fields);
      }}
    >
      {change.isError && (
        <Alert type="error" showIcon role="alert" title={errorText(change.error)} style={{ marginBottom: 16 }} />
      )}
      {current === undefined && (
        <Form.Item name="current" label={t("account.current")} rules={[{ required: true, message: missing }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
      )}
      <Form.Item
        name="next"
        label={t("account.next")}
        extra={t("account.passwordRule", { count: MIN_LENGTH })}
        rules={[{ required: true, min: MIN_LENGTH, message: t("account.passwordRule", { count: MIN_LENGTH }) }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t("account.again")}
        dependencies={["next"]}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              value === getFieldValue("next") ? Promise.resolve() : Promise.reject(new Error(t("account.different"))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {t("account.changePassword")}
      </Button>
    </Form>
  );
}
