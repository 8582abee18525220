import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type InstitutionKind, institutionsApi } from "@tongtai/api-client";
import { Form, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMe } from "../shell/session";
import { FormDialog } from "./FormDialog";
import { ListPanel } from "./ListPanel";
import { NameFields } from "./NameFields";

interface Fields {
  readonly name: string;
  readonly name_en: string;
  readonly kind: InstitutionKind;
}

function NewInstitution({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: institutionsApi.create,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["institutions"] });
      onClose();
    },
  });
  return (
    <FormDialog<Fields>
      title={t("institution.new")}
      okText={t("create")}
      initialValues={{ kind: "inviting" }}
      busy={create.isPending}
      error={create.error}
      onSubmit={create.mutate}
      onClose={onClose}
    >
      <NameFields />
      <Form.Item name="kind" label={t("institution.kind")} rules={[{ required: true }]}>
        <Select options={["inviting", "invited"].map((value) => ({ value, label: t(`institution.${value}`) }))} />
      </Form.Item>
    </FormDialog>
  );
}

export function InstitutionsTab() {
  const { t } = useTranslation();
  const me = useMe();
  const [creating, setCreating] = useState(false);
  const query = useQuery({ queryKey: ["institutions"], queryFn: institutionsApi.list });
  // The centre runs the installation; a hospital's administrator only sees whom it works with.
  const mayCreate = me.institution.kind === "invited";
  return (
    <ListPanel
      title={t("admin.institutions")}
      query={query}
      empty={t("institution.none")}
      addLabel={t("institution.new")}
      onAdd={
        mayCreate
          ? () => {
              setCreating(true);
            }
          : undefined
      }
      columns={[
        { title: t("name.zh"), dataIndex: "name" },
        { title: t("name.en"), dataIndex: "name_en" },
        { title: t("institution.kind"), render: (_, { kind }) => t(`institution.${kind}`) },
      ]}
    >
      {creating && (
        <NewInstitution
          onClose={() => {
            setCreating(false);
          }}
        />
      )}
    </ListPanel>
  );
}
