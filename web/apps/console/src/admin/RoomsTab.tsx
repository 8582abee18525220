import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { institutionsApi } from "@tongtai/api-client";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useLocalName } from "../shell/preferences";
import { useMe } from "../shell/session";
import { FormDialog } from "../shell/FormDialog";
import { ListPanel } from "./ListPanel";
import { NameFields } from "./NameFields";

interface Fields {
  readonly name: string;
  readonly name_en: string;
}

function NewRoom({ institutionId, onClose }: { readonly institutionId: string; onClose(): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (fields: Fields) => institutionsApi.createRoom({ ...fields, institution_id: institutionId }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["rooms"] });
      onClose();
    },
  });
  return (
    <FormDialog<Fields>
      title={t("room.new")}
      okText={t("create")}
      busy={create.isPending}
      error={create.error}
      onSubmit={create.mutate}
      onClose={onClose}
    >
      <NameFields />
    </FormDialog>
  );
}

export function RoomsTab() {
  const { t } = useTranslation();
  const localName = useLocalName();
  const { institution } = useMe();
  const [creating, setCreating] = useState(false);
  const query = useQuery({ queryKey: ["rooms"], queryFn: institutionsApi.rooms });
  const institutions = useQuery({ queryKey: ["institutions"], queryFn: institutionsApi.list });
  const institutionName = (id: string) => {
    const found = institutions.data?.find((each) => each.id === id);
    return found === undefined ? "" : localName(found);
  };
  // Operating rooms belong to hospitals that invite; each makes its own.
  const mayCreate = institution.kind === "inviting";
  return (
    <ListPanel
      title={t("admin.rooms")}
      query={query}
      empty={t("room.none")}
      addLabel={t("room.new")}
      onAdd={
        mayCreate
          ? () => {
              setCreating(true);
            }
          : undefined
      }
      columns={[
        { title: t("institution.one"), render: (_, { institution_id }) => institutionName(institution_id) },
        { title: t("name.zh"), dataIndex: "name" },
        { title: t("name.en"), dataIndex: "name_en" },
      ]}
    >
      {creating && (
        <NewRoom
          institutionId={institution.id}
          onClose={() => {
            setCreating(false);
          }}
        />
      )}
    </ListPanel>
  );
}
