import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Gateway, gatewaysApi, institutionsApi } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { App, Button, Form, Input, Select, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { formatDateTime, useLocalName } from "../shell/preferences";
import { useMe } from "../shell/session";
import { FormDialog } from "../shell/FormDialog";
import { ListPanel } from "./ListPanel";
import { type Secret, SecretDialog } from "./SecretDialog";

const BYTES_PER_GIGABYTE = 1e9;
const REFRESH_MS = 10_000;

interface Fields {
  readonly name: string;
  readonly operating_room_id: string;
}

function useRooms() {
  const localName = useLocalName();
  const rooms = useQuery({ queryKey: ["rooms"], queryFn: institutionsApi.rooms });
  const { institution } = useMe();
  const ours = rooms.data?.filter(({ institution_id }) => institution_id === institution.id);
  return ours?.map((room) => ({ value: room.id, label: localName(room) })) ?? [];
}

function NewGateway({ onCreated, onClose }: { onCreated(code: string): void; onClose(): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const rooms = useRooms();
  const create = useMutation({
    mutationFn: gatewaysApi.create,
    onSuccess: async ({ code }) => {
      await queries.invalidateQueries({ queryKey: ["gateways"] });
      onCreated(code);
    },
  });
  return (
    <FormDialog<Fields>
      title={t("gateway.new")}
      okText={t("create")}
      busy={create.isPending}
      error={create.error}
      onSubmit={create.mutate}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t("gateway.name")}
        extra={t("gateway.nameHint")}
        rules={[{ required: true, whitespace: true, message: t("form.missing") }]}
      >
        <Input autoFocus maxLength={200} />
      </Form.Item>
      <Form.Item
        name="operating_room_id"
        label={t("case.room")}
        rules={[{ required: true, message: t("form.missing") }]}
      >
        <Select options={rooms} />
      </Form.Item>
    </FormDialog>
  );
}

function GatewayState({ gateway }: { readonly gateway: Gateway }) {
  const { t } = useTranslation();
  if (gateway.revoked_at !== null) return <StateMark level="bad">{t("gateway.revoked")}</StateMark>;
  if (gateway.enrolled_at === null) return <StateMark level="info">{t("gateway.notEnrolled")}</StateMark>;
  if (gateway.online) return <StateMark level="good">{t("gateway.online")}</StateMark>;
  const seen = gateway.last_seen_at === null ? "–" : formatDateTime(gateway.last_seen_at);
  return <StateMark level="warn">{t("gateway.offline", { seen })}</StateMark>;
}

function GatewayActs({ gateway, onCode }: { readonly gateway: Gateway; onCode(code: string): void }) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const options = {
    onSettled: () => queries.invalidateQueries({ queryKey: ["gateways"] }),
    onError: (error: Error) => void message.error(errorText(error)),
  };
  const newCode = useMutation({
    mutationFn: () => gatewaysApi.newCode(gateway.id),
    ...options,
    onSuccess: ({ code }) => {
      onCode(code);
    },
  });
  const revoke = useMutation({ mutationFn: () => gatewaysApi.revoke(gateway.id), ...options });
  const askRevoke = () =>
    modal.confirm({
      title: t("gateway.revokeAsk", { name: gateway.name }),
      content: t("gateway.revokeText"),
      okText: t("confirmAct"),
      cancelText: t("cancel"),
      onOk: () => {
        revoke.mutate();
      },
    });
  return (
    <Space>
      <Button
        loading={newCode.isPending}
        onClick={() => {
          newCode.mutate();
        }}
      >
        {t("gateway.newCode")}
      </Button>
      <Button danger disabled={gateway.revoked_at !== null} onClick={askRevoke}>
        {t("gateway.revoke")}
      </Button>
    </Space>
  );
}

export function GatewaysTab() {
  const { t } = useTranslation();
  const rooms = useRooms();
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<Secret>();
  const query = useQuery({ queryKey: ["gateways"], queryFn: gatewaysApi.list, refetchInterval: REFRESH_MS });
  // A gateway stands at a table, and tables are the hospitals'.
  const mayCreate = useMe().institution.kind === "inviting";
  const showCode = (code: string) => {
    setCreating(false);
    setSecret({ title: t("gateway.code"), text: t("gateway.codeText"), value: code });
  };
  return (
    <ListPanel
      title={t("admin.gateways")}
      query={query}
      empty={t(mayCreate ? "gateway.none" : "gateway.noneCentre")}
      addLabel={t("gateway.new")}
      onAdd={
        mayCreate
          ? () => {
              setCreating(true);
            }
          : undefined
      }
      columns={[
        { title: t("gateway.name"), dataIndex: "name" },
        {
          title: t("case.room"),
          render: (_, g) => rooms.find(({ value }) => value === g.operating_room_id)?.label ?? "–",
        },
        { title: t("gateway.state"), render: (_, gateway) => <GatewayState gateway={gateway} /> },
        {
          title: t("gateway.feeds"),
          render: (_, g) => g.feeds.map(({ feed, state }) => `${feed}: ${t(`feedState.${state}`)}`).join(", "),
        },
        {
          title: t("gateway.disk"),
          align: "right",
          render: (_, { disk_free_bytes: free }) =>
            free === null ? "–" : `${(free / BYTES_PER_GIGABYTE).toFixed(1)} GB`,
        },
        {
          title: t("gateway.clock"),
          align: "right",
          render: (_, { clock_offset_ms: offset }) => (offset === null ? "–" : `${offset.toFixed(0)} ms`),
        },
        { title: t("user.acts"), render: (_, gateway) => <GatewayActs gateway={gateway} onCode={showCode} /> },
      ]}
    >
      {creating && (
        <NewGateway
          onCreated={showCode}
          onClose={() => {
            setCreating(false);
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
