import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Role, usersApi } from "@tongtai/api-client";
import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

import { useMe } from "../shell/session";
import { FormDialog } from "../shell/FormDialog";
import { RoleSelect } from "./RoleSelect";
import type { Secret } from "./SecretDialog";

interface Fields {
  readonly login: string;
  readonly display_name: string;
  readonly display_name_en: string;
  readonly roles: Role[];
}

export function NewUserDialog({ onCreated, onClose }: { onCreated(secret: Secret): void; onClose(): void }) {
  const { t } = useTranslation();
  const { institution } = useMe();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (fields: Fields) => usersApi.create({ ...fields, institution_id: institution.id }),
    onSuccess: async ({ user, password }) => {
      await queries.invalidateQueries({ queryKey: ["users"] });
      onCreated({ title: t("user.created"), text: t("user.passwordFor", { login: user.login }), value: password });
    },
  });
  const named = [{ required: true, whitespace: true, message: t("form.missing") }];
  return (
    <FormDialog<Fields>
      title={t("user.new")}
      okText={t("create")}
      busy={create.isPending}
      error={create.error}
      onSubmit={create.mutate}
      onClose={onClose}
    >
      <Form.Item
        name="login"
        label={t("login.name")}
        rules={[{ required: true, pattern: /^[A-Za-z0-9._-]{3,64}$/, message: t("user.loginFormat") }]}
      >
        <Input autoFocus autoComplete="off" autoCapitalize="none" maxLength={64} />
      </Form.Item>
      <Form.Item name="display_name" label={t("name.zh")} rules={named}>
        <Input maxLength={200} lang="zh-CN" />
      </Form.Item>
      <Form.Item name="display_name_en" label={t("name.en")} rules={named}>
        <Input maxLength={200} lang="en" />
      </Form.Item>
      <RoleSelect />
    </FormDialog>
  );
}
