import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Institution, type InstitutionKind, institutionsApi } from "@tongtai/api-client";
import { Button, Form, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMe } from "../shell/session";
import { FormDialog } from "../shell/FormDialog";
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

/** An administrator renames his own institution; others keep the names that they gave themselves. */
function RenameInstitution({ institution, onClose }: { readonly institution: Institution; onClose(): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const rename = useMutation({
    mutationFn: (names: Pick<Fields, "name" | "name_en">) => institutionsApi.rename(institution.id, names),
    onSuccess: async () => {
      // The name stands in the bar of every page, on cases and in rooms.
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <FormDialog<Pick<Fields, "name" | "name_en">>
      title={t("institution.rename")}
      okText={t("save")}
      initialValues={{ name: institution.name, name_en: institution.name_en }}
      busy={rename.isPending}
      error={rename.error}
      onSubmit={rename.mutate}
      onClose={onClose}
    >
      <NameFields />
    </FormDialog>
  );
}

export function InstitutionsTab() {
  const { t } = useTranslation();
  const me = useMe();
  const [creating, setCreating] = useState(false);
  const [renaming, setRenaming] = useState<Institution>();
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
        {
          title: t("user.acts"),
          render: (_, institution) =>
            institution.id === me.institution.id && (
              <Button data-testid="institution-rename" onClick={() => setRenaming(institution)}>
                {t("institution.rename")}
              </Button>
            ),
        },
      ]}
    >
      {creating && (
        <NewInstitution
          onClose={() => {
            setCreating(false);
          }}
        />
      )}
      {renaming !== undefined && (
        <RenameInstitution
          institution={renaming}
          onClose={() => {
            setRenaming(undefined);
          }}
        />
      )}
    </ListPanel>
  );
}
