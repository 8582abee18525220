import { useMutation } from "@tanstack/react-query";
import { checklistsApi } from "@tongtai/api-client";
import { Panel } from "@tongtai/ui";
import { App, Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";

import { Refusal } from "../workflow/Lacks";
import { PasswordField } from "../signing/SignDialog";

interface Fields {
  readonly pin: string;
  readonly password: string;
}

/** One's own PIN: with it one confirms checklists at a tablet that several people share. */
export function PinForm() {
  const { t } = useTranslation("clinical");
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const set = useMutation({
    mutationFn: checklistsApi.setPin,
    onSuccess: () => {
      form.resetFields();
      void message.success(t("pin.set"));
    },
  });
  return (
    <Panel title={t("pin.title")}>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} onFinish={(fields) => set.mutate(fields)}>
        <p className="shell-dim">{t("pin.text")}</p>
        <Form.Item
          name="pin"
          label={t("pin.new")}
          rules={[{ pattern: /^\d{6,12}$/, required: true, message: t("pin.rule") }]}
        >
          <Input.Password inputMode="numeric" autoComplete="off" />
        </Form.Item>
        <PasswordField />
        <Refusal error={set.error} />
        <Button htmlType="submit" loading={set.isPending}>
          {t("pin.save")}
        </Button>
      </Form>
    </Panel>
  );
}
