import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type User, usersApi } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { App, Button, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { usePersonName } from "../shell/preferences";
import { useMe } from "../shell/session";
import { ListPanel } from "./ListPanel";
import { NewUserDialog } from "./NewUserDialog";
import { RolesDialog } from "./RolesDialog";
import { type Secret, SecretDialog } from "./SecretDialog";

function useUserActs(onSecret: (secret: Secret) => void) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const errorText = useErrorText();
  const personName = usePersonName();
  const queries = useQueryClient();
  const options = {
    onSettled: () => queries.invalidateQueries({ queryKey: ["users"] }),
    onError: (error: Error) => void message.error(errorText(error)),
  };
  const reset = useMutation({
    mutationFn: (user: User) => usersApi.resetPassword(user.id),
    ...options,
    onSuccess: ({ password }, user) => {
      onSecret({ title: t("user.newPassword"), text: t("user.passwordFor", { login: user.login }), value: password });
    },
  });
  const revoke = useMutation({ mutationFn: (user: User) => usersApi.revoke(user.id), ...options });
  const activate = useMutation({ mutationFn: (user: User) => usersApi.change(user.id, { active: true }), ...options });
  const ask = (title: string, content: string, act: () => void) =>
    modal.confirm({ title, content, okText: t("confirmAct"), cancelText: t("cancel"), onOk: act });
  return {
    reset: (user: User) =>
      ask(t("user.resetAsk", { name: personName(user) }), t("user.resetText"), () => {
        reset.mutate(user);
      }),
    revoke: (user: User) =>
      ask(t("user.revokeAsk", { name: personName(user) }), t("user.revokeText"), () => {
        revoke.mutate(user);
      }),
    activate: activate.mutate,
  };
}

export function UsersTab() {
  const { t } = useTranslation();
  const me = useMe();
  const personName = usePersonName();
  const [creating, setCreating] = useState(false);
  const [editing, setEditing] = useState<User>();
  const [secret, setSecret] = useState<Secret>();
  const acts = useUserActs(setSecret);
  const query = useQuery({ queryKey: ["users"], queryFn: usersApi.list });
  const actions = (user: User) => (
    <Space>
      <Button
        onClick={() => {
          setEditing(user);
        }}
      >
        {t("user.changeRoles")}
      </Button>
      <Button onClick={() => acts.reset(user)}>{t("user.reset")}</Button>
      {user.active ? (
        <Button danger disabled={user.id === me.user.id} onClick={() => acts.revoke(user)}>
          {t("user.revoke")}
        </Button>
      ) : (
        <Button
          onClick={() => {
            acts.activate(user);
          }}
        >
          {t("user.activate")}
        </Button>
      )}
    </Space>
  );
  return (
    <ListPanel
      title={t("admin.users")}
      query={query}
      empty={t("user.none")}
      addLabel={t("user.new")}
      onAdd={() => {
        setCreating(true);
      }}
      columns={[
        { title: t("login.name"), dataIndex: "login", sorter: (a, b) => a.login.localeCompare(b.login) },
        { title: t("user.name"), render: (_, user) => personName(user) },
        { title: t("user.roles"), render: (_, { roles }) => roles.map((role) => t(`role.${role}`)).join(" · ") },
        {
          title: t("user.totp"),
          render: (_, { totp_enabled }) => (
            <StateMark level={totp_enabled ? "good" : "off"}>
              {t(totp_enabled ? "account.totpOn" : "account.totpOff")}
            </StateMark>
          ),
        },
        { title: t("user.state"), render: (_, user) => <UserState user={user} /> },
        { title: t("user.acts"), render: (_, user) => actions(user) },
      ]}
    >
      {creating && (
        <NewUserDialog
          onCreated={(next) => {
            setCreating(false);
            setSecret(next);
          }}
          onClose={() => {
            setCreating(false);
          }}
        />
      )}
      {editing !== undefined && (
        <RolesDialog
          user={editing}
          onClose={() => {
            setEditing(undefined);
          }}
        />
      )}
      {secret !== undefined && (
        <SecretDialog
          secret={secret}
          onClose={() => {
            setSecret(undefined);
          }}
        />
      )}
    </ListPanel>
  );
}

function UserState({ user }: { readonly user: User }) {
  const { t } = useTranslation();
  if (!user.active) return <StateMark level="bad">{t("user.inactive")}</StateMark>;
  if (user.must_change_password) return <StateMark level="warn">{t("user.mustChange")}</StateMark>;
  return <StateMark level="good">{t("user.active")}</StateMark>;
}
