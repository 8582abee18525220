import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Finding, type FindingAct, reviewsApi } from "@tongtai/api-client";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";

import { dayOf } from "../followup/days";
import { FormDialog } from "../shell/FormDialog";
import { usePersonName } from "../shell/preferences";

interface Fields {
  readonly text: string;
  readonly responsible_id?: string;
  readonly due_on?: string;
}

/** One act about a finding: always in words, an assignment also with a person and a day. */
export function FindingActDialog(props: { readonly finding: Finding; readonly act: FindingAct; onClose(): void }) {
  const { finding, act, onClose } = props;
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const personName = usePersonName();
  const queries = useQueryClient();
  const people = useQuery({ queryKey: ["colleagues"], queryFn: reviewsApi.colleagues, enabled: act === "assign" });
  const send = useMutation({
    mutationFn: (fields: Fields) => reviewsApi.act(finding.id, { ...fields, act, version: finding.version }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["findings"] });
      onClose();
    },
  });
  const missing = [{ required: true, message: word("form.missing") }];
  return (
    <FormDialog<Fields>
      title={t(`finding.act.${act}`)}
      okText={t(`finding.act.${act}`)}
      initialValues={{ responsible_id: finding.responsible?.user_id, due_on: finding.due_on ?? undefined }}
      busy={send.isPending}
      error={send.error}
      onSubmit={send.mutate}
      onClose={onClose}
    >
      <p>
        {finding.case_number}: {finding.text}
      </p>
      {act === "assign" && (
        <>
          <Form.Item name="responsible_id" label={t("finding.responsible")} rules={missing}>
            <Select
              showSearch
              optionFilterProp="label"
              loading={people.isPending}
              options={people.data?.map((person) => ({
                value: person.id,
                label: `${personName(person)} (${person.roles.map((role) => word(`role.${role}`)).join(", ")})`,
              }))}
            />
          </Form.Item>
          <Form.Item name="due_on" label={t("finding.due")} rules={missing}>
            <Input type="date" min={dayOf(new Date())} />
          </Form.Item>
        </>
      )}
      <Form.Item name="text" label={t(`finding.words.${act}`)} extra={t("review.noPatient")} rules={missing}>
        <Input.TextArea autoSize={{ minRows: 2 }} maxLength={5000} />
      </Form.Item>
    </FormDialog>
  );
}
