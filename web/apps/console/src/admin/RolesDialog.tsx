import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Role, type User, usersApi } from "@tongtai/api-client";
import { useTranslation } from "react-i18next";

import { usePersonName } from "../shell/preferences";
import { FormDialog } from "../shell/FormDialog";
import { RoleSelect } from "./RoleSelect";

interface Fields {
  readonly roles: Role[];
}

export function RolesDialog({ user, onClose }: { readonly user: User; onClose(): void }) {
  const { t } = useTranslation();
  const personName = usePersonName();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: ({ roles }: Fields) => usersApi.change(user.id, { roles }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["users"] });
      onClose();
    },
  });
  return (
    <FormDialog<Fields>
      title={t("user.rolesOf", { name: personName(user) })}
      okText={t("save")}
      initialValues={{ roles: [...user.roles] }}
      busy={change.isPending}
      error={change.error}
      onSubmit={change.mutate}
      onClose={onClose}
    >
      <p>{t("user.rolesText")}</p>
      <RoleSelect />
    </FormDialog>
  );
}
