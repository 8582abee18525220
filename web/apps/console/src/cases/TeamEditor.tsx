import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Case, casesApi, type Role, ROLES_OF, usersApi } from "@tongtai/api-client";
import { ToolButton } from "@tongtai/ui";
import { Alert, Button, Form, Select, Space } from "antd";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { usePersonName } from "../shell/preferences";

interface Place {
  readonly user_id: string;
  readonly role: Role;
}

/** Administration, audit and engineering never belong to a case. */
const NEVER_IN_A_TEAM: readonly Role[] = ["engineer", "auditor", "administrator"];

function rolesOf(shown: Case): Role[] {
  const side: readonly Role[] = shown.side === "site" ? ROLES_OF.inviting : ROLES_OF.invited;
  return [...side, ...ROLES_OF.both].filter((role) => !NEVER_IN_A_TEAM.includes(role));
}

interface AddPlaceProps {
  readonly shown: Case;
  readonly taken: readonly Place[];
  onAdd(place: Place): void;
}

function AddPlace({ shown, taken, onAdd }: AddPlaceProps) {
  const { t } = useTranslation();
  const personName = usePersonName();
  const users = useQuery({ queryKey: ["users"], queryFn: usersApi.list });
  const [userId, setUserId] = useState<string>();
  const [role, setRole] = useState<Role>();
  const person = users.data?.find(({ id }) => id === userId);
  // Only roles that the person holds: the server refuses the others.
  const roles = rolesOf(shown).filter((each) => person === undefined || person.roles.includes(each));
  const isTaken = taken.some((place) => place.user_id === userId && place.role === role);
  return (
    <Space wrap>
      <Select
        showSearch={{ optionFilterProp: "label" }}
        style={{ width: 200 }}
        loading={users.isPending}
        aria-label={t("team.person")}
        placeholder={t("team.person")}
        value={userId}
        options={users.data
          ?.filter(({ active }) => active)
          .map((user) => ({ value: user.id, label: `${personName(user)} (${user.login})` }))}
        onChange={(next) => {
          setUserId(next);
          setRole(undefined);
        }}
      />
      <Select
        style={{ width: 150 }}
        aria-label={t("team.role")}
        placeholder={t("team.role")}
        value={role}
        options={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
        onChange={setRole}
      />
      <Button
        disabled={userId === undefined || role === undefined || isTaken}
        onClick={() => {
          if (userId !== undefined && role !== undefined) onAdd({ user_id: userId, role });
        }}
      >
        {t("team.add")}
      </Button>
    </Space>
  );
}

export function TeamEditor({ shown, onClose }: { readonly shown: Case; onClose(): void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const personName = usePersonName();
  const queries = useQueryClient();
  const users = useQuery({ queryKey: ["users"], queryFn: usersApi.list });
  const [places, setPlaces] = useState<readonly Place[]>(() => shown.team.filter(({ side }) => side === shown.side));
  const save = useMutation({
    mutationFn: () =>
      casesApi.setTeam(
        shown.id,
        places.map(({ user_id, role }) => ({ user_id, role })),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["case", shown.id] });
      onClose();
    },
  });
  const nameOf = (id: string) => {
    const known = shown.team.find(({ user_id }) => user_id === id) ?? users.data?.find((user) => user.id === id);
    return known === undefined ? id : personName(known);
  };
  return (
    <Form
      className="page-stack"
      onFinish={() => {
        save.mutate();
      }}
    >
      <dl className="facts" style={{ alignItems: "center" }}>
        {places.map((place) => (
          <div key={`${place.user_id} ${place.role}`} style={{ display: "contents" }}>
            <dt>{t(`role.${place.role}`)}</dt>
            <dd>
              <Space>
                {nameOf(place.user_id)}
                <ToolButton
                  icon={<Trash2 size={16} />}
                  iconOnly
                  label={t("team.remove", { name: nameOf(place.user_id) })}
                  onClick={() => {
                    setPlaces(places.filter((other) => other !== place));
                  }}
                />
              </Space>
            </dd>
          </div>
        ))}
      </dl>
      <AddPlace
        shown={shown}
        taken={places}
        onAdd={(place) => {
          setPlaces([...places, place]);
        }}
      />
      {save.isError && <Alert type="error" showIcon title={errorText(save.error)} />}
      <Space>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t("save")}
        </Button>
        <Button onClick={onClose}>{t("cancel")}</Button>
      </Space>
    </Form>
  );
}
