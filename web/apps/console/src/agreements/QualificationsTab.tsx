import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type NewQualification,
  type Qualification,
  type QualificationKind,
  qualificationsApi,
} from "@tongtai/api-client";
import { type Level, StateMark } from "@tongtai/ui";
import { App, AutoComplete, Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ListPanel } from "../admin/ListPanel";
import { dayOf } from "../followup/days";
import { FormDialog } from "../shell/FormDialog";
import { usePersonName } from "../shell/preferences";
import { useMe } from "../shell/session";
import { useWords } from "../workflow/words";
import { CODES, OF_PERSON } from "./kinds";
import { usePeople } from "./people";

const KEY = ["qualifications"] as const;

function stateOf(one: Qualification, today: string): [Level, string] {
  if (one.revoked_at !== null) return ["off", "revoked"];
  if (one.since > today) return ["warn", "notYet"];
  if (one.valid_until !== null && one.valid_until < today) return ["bad", "expired"];
  return ["good", "valid"];
}

/** What the institution and its people are licensed, registered and trained for; dates are compared, papers are not judged. */
export function QualificationsTab() {
  const { t } = useTranslation("clinical");
  const { word } = useWords();
  const { modal } = App.useApp();
  const personName = usePersonName();
  const people = usePeople();
  const queries = useQueryClient();
  const query = useQuery({ queryKey: KEY, queryFn: qualificationsApi.list });
  const [adding, setAdding] = useState(false);
  const revoke = useMutation({
    mutationFn: qualificationsApi.revoke,
    onSuccess: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  const today = dayOf(new Date());
  const holder = (one: Qualification) => {
    if (one.user_id === null) return t("qualification.institution");
    const person = people.find(({ id }) => id === one.user_id);
    return person ? personName(person) : one.user_id;
  };
  return (
    <ListPanel<Qualification>
      title={t("qualification.title")}
      query={query}
      empty={t("qualification.none")}
      addLabel={t("qualification.add")}
      onAdd={() => setAdding(true)}
      columns={[
        { title: t("qualification.holder"), render: (_, one) => holder(one) },
        {
          title: t("qualification.what"),
          render: (_, one) => (
            <>
              {word("qualification", one.kind)} <span className="shell-dim">{word("code", one.code)}</span>
            </>
          ),
        },
        { title: t("qualification.number"), dataIndex: "number" },
        {
          title: t("qualification.valid"),
          render: (_, one) => `${one.since} – ${one.valid_until ?? t("qualification.open")}`,
        },
        {
          title: t("qualification.state"),
          render: (_, one) => {
            const [level, key] = stateOf(one, today);
            return <StateMark level={level}>{t(`qualification.is.${key}`)}</StateMark>;
          },
        },
        {
          title: "",
          render: (_, one) =>
            one.revoked_at === null && (
              <Button
                onClick={() => {
                  void modal.confirm({
                    title: t("qualification.revokeTitle"),
                    content: t("qualification.revokeText"),
                    onOk: () => revoke.mutateAsync(one.id),
                  });
                }}
              >
                {t("qualification.revoke")}
              </Button>
            ),
        },
      ]}
    >
      {adding && <AddQualification onClose={() => setAdding(false)} />}
    </ListPanel>
  );
}

type Fields = Pick<NewQualification, "kind" | "code" | "since"> & {
  readonly user_id?: string;
  readonly number?: string;
  readonly valid_until?: string;
  readonly detail?: string;
};

function AddQualification({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("clinical");
  const { t: shellWord } = useTranslation();
  const { word, choices } = useWords();
  const me = useMe();
  const personName = usePersonName();
  const people = usePeople();
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const kind: QualificationKind | undefined = Form.useWatch("kind", form);
  const add = useMutation({
    mutationFn: ({ user_id, number = "", valid_until, detail = "", ...rest }: Fields) =>
      qualificationsApi.record({
        ...rest,
        user_id: OF_PERSON.has(rest.kind) ? (user_id ?? null) : null,
        number,
        valid_until: valid_until || null,
        tested_at: rest.kind === "line_test" ? new Date().toISOString() : null,
        detail,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: KEY });
      onClose();
    },
  });
  const missing = [{ required: true, message: shellWord("form.missing") }];
  const codes = kind ? (CODES[kind] ?? []) : [];
  return (
    <FormDialog<Fields>
      title={t("qualification.add")}
      okText={shellWord("save")}
      form={form}
      initialValues={{ since: dayOf(new Date()) }}
      busy={add.isPending}
      error={add.error}
      onSubmit={add.mutate}
      onClose={onClose}
    >
      <Form.Item name="kind" label={t("qualification.what")} rules={missing}>
        <Select options={choices("qualification")} onChange={() => form.resetFields(["code"])} />
      </Form.Item>
      {kind !== undefined && OF_PERSON.has(kind) && (
        <Form.Item name="user_id" label={t("qualification.person")} rules={missing}>
          <Select
            showSearch
            optionFilterProp="label"
            options={people.map((person) => ({ value: person.id, label: personName(person) }))}
            notFoundContent={t("qualification.nobody", { institution: me.institution.name })}
          />
        </Form.Item>
      )}
      <Form.Item name="code" label={t("qualification.code")} rules={missing} extra={t("qualification.codeHint")}>
        <AutoComplete options={codes.map((code) => ({ value: code, label: `${word("code", code)} (${code})` }))} />
      </Form.Item>
      <Form.Item name="number" label={t("qualification.number")}>
        <Input />
      </Form.Item>
      <Form.Item name="since" label={t("qualification.since")} rules={missing}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="valid_until" label={t("qualification.until")}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="detail" label={t("qualification.detail")}>
        <Input.TextArea autoSize />
      </Form.Item>
    </FormDialog>
  );
}
