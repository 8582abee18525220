import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { policiesApi, type Policy } from "@tongtai/api-client";
import { ErrorState, Panel } from "@tongtai/ui";
import { Button, Form, Input, InputNumber, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { FormDialog } from "../shell/FormDialog";
import { formatDateTime } from "../shell/preferences";
import { Waiting } from "../shell/Waiting";

const KEY = ["policies"];

/** A number with its unit, in words; what is switched off says so. */
function useValueText(): (policy: Policy, value: number) => string {
  const { t } = useTranslation("clinical");
  return ({ key, unit }, value) =>
    key === "mdt_within_h" && value === 0
      ? t("policy.off")
      : `${value} ${t(`policy.unit.${unit === "1" ? "rooms" : unit}`)}`;
}

/** The rules that one's institution sets for itself: the number, its bounds, who set it when and why. */
export function PoliciesTab() {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const valueText = useValueText();
  const [asked, setAsked] = useState<Policy>();
  const query = useQuery({ queryKey: KEY, queryFn: policiesApi.list });
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ErrorState title={word("error.title")} text={errorText(query.error)} />;
  return (
    <Panel title={t("policy.title")}>
      <p className="shell-dim">{t("policy.text")}</p>
      <Table<Policy>
        rowKey="key"
        size="small"
        pagination={false}
        dataSource={query.data}
        scroll={{ x: 960 }}
        expandable={{
          rowExpandable: ({ changes }) => changes.length > 0,
          expandedRowRender: (policy) => <Changes policy={policy} />,
        }}
        columns={[
          {
            title: t("policy.rule"),
            width: 380,
            render: (_, { key }) => (
              <>
                <strong>{t(`policy.name.${key}`)}</strong>
                <br />
                <span className="shell-dim">{t(`policy.effect.${key}`)}</span>
              </>
            ),
          },
          {
            title: t("policy.value"),
            render: (_, policy) => (
              <strong data-testid={`value-${policy.key}`}>{valueText(policy, policy.value)}</strong>
            ),
          },
          { title: t("policy.default"), render: (_, policy) => valueText(policy, policy.default) },
          { title: t("policy.bounds"), render: (_, { low, high }) => `${low} – ${high}` },
          {
            title: t("policy.source"),
            render: (_, { key }) => <span className="shell-dim">{t(`policy.from.${key}`)}</span>,
          },
          {
            title: "",
            fixed: "right",
            render: (_, policy) => (
              <Button data-testid={`set-${policy.key}`} onClick={() => setAsked(policy)}>
                {t("policy.set")}
              </Button>
            ),
          },
        ]}
      />
      {asked !== undefined && <SetDialog policy={asked} onClose={() => setAsked(undefined)} />}
    </Panel>
  );
}

function Changes({ policy }: { readonly policy: Policy }) {
  const valueText = useValueText();
  return (
    <ul className="plain-list" data-testid={`changes-${policy.key}`}>
      {policy.changes.map((change) => (
        <li key={change.number}>
          {formatDateTime(change.changed_at)} · {change.changed_by_name} · {valueText(policy, change.value)} ·{" "}
          {change.reason}
        </li>
      ))}
    </ul>
  );
}

interface Fields {
  readonly value: number;
  readonly reason: string;
}

function SetDialog({ policy, onClose }: { readonly policy: Policy; onClose(): void }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: (fields: Fields) => policiesApi.set(policy.key, { ...fields, number: policy.changes.length }),
    onSuccess: (all) => {
      queries.setQueryData(KEY, all);
      onClose();
    },
    onError: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  const missing = [{ required: true, message: word("form.missing") }];
  return (
    <FormDialog<Fields>
      title={t(`policy.name.${policy.key}`)}
      okText={t("policy.set")}
      initialValues={{ value: policy.value }}
      busy={set.isPending}
      error={set.error}
      onSubmit={set.mutate}
      onClose={onClose}
    >
      <p>{t(`policy.effect.${policy.key}`)}</p>
      <Form.Item name="value" label={`${t("policy.value")}（${policy.low} – ${policy.high}）`} rules={missing}>
        <InputNumber
          min={policy.low}
          max={policy.high}
          precision={0}
          suffix={t(`policy.unit.${policy.unit === "1" ? "rooms" : policy.unit}`)}
          style={{ width: 200 }}
        />
      </Form.Item>
      <Form.Item name="reason" label={t("policy.reason")} rules={missing}>
        <Input.TextArea autoSize={{ minRows: 2 }} maxLength={2000} />
      </Form.Item>
    </FormDialog>
  );
}
