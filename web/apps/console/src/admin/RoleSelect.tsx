import { type Role, ROLES_OF } from "@tongtai/api-client";
import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";

import { useMe } from "../shell/session";

/** Only the roles that the administrator's own kind of institution has. */
export function RoleSelect() {
  const { t } = useTranslation();
  const { institution } = useMe();
  const roles: readonly Role[] = [...ROLES_OF[institution.kind], ...ROLES_OF.both];
  return (
    <Form.Item name="roles" label={t("user.roles")} rules={[{ required: true, message: t("form.missing") }]}>
      <Select mode="multiple" options={roles.map((value) => ({ value, label: t(`role.${value}`) }))} />
    </Form.Item>
  );
}
