import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type Agreement,
  type AgreementClause,
  type AgreementDraft,
  agreementsApi,
  institutionsApi,
} from "@tongtai/api-client";
import { Alert, Checkbox, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";

import { useFormDraft } from "../shell/drafts";
import { FormDialog } from "../shell/FormDialog";
import { useLocalName } from "../shell/preferences";
import { useMe } from "../shell/session";
import { type Naming, useWords } from "../workflow/words";

const CLAUSES: readonly AgreementClause[] = [
  "purpose",
  "conditions",
  "content",
  "process",
  "rights_and_duties",
  "risk_and_liability",
  "fees",
];

interface Fields extends Omit<AgreementDraft, "parties" | "clauses"> {
  readonly inviting: string;
  readonly invited: string;
  readonly operator?: string;
  readonly clauses: Partial<Record<AgreementClause, string>>;
}

function wireOf({ inviting, invited, operator, clauses, ...rest }: Fields): AgreementDraft {
  const parties: AgreementDraft["parties"] = [
    { institution_id: inviting, role: "inviting" },
    { institution_id: invited, role: "invited" },
    ...(rest.kind === "platform" && operator ? [{ institution_id: operator, role: "operator" as const }] : []),
  ];
  const filled = Object.entries(clauses).filter(([, text]) => text.trim() !== "");
  return { ...rest, parties, clauses: Object.fromEntries(filled) as AgreementDraft["clauses"] };
}

/** The text of an agreement: parties, seven mandatory clauses, validity; it can be changed until somebody signs. */
export function AgreementDialog({
  before,
  naming,
  onClose,
}: {
  readonly before: Agreement | undefined;
  readonly naming: Naming;
  onClose(): void;
}) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const { word: named, choices } = useWords();
  const localName = useLocalName();
  const me = useMe();
  const queries = useQueryClient();
  const draft = useFormDraft("agreement", before?.id ?? "new");
  const [form] = Form.useForm<Fields>();
  const kind = Form.useWatch("kind", form);
  const { data: institutions = [] } = useQuery({ queryKey: ["institutions"], queryFn: institutionsApi.list });
  const closed = before !== undefined && before.signatures.length > 0;
  const save = useMutation({
    mutationFn: async (fields: Fields) => {
      if (closed) return;
      const text = wireOf(fields);
      if (before) await agreementsApi.change(before.id, { ...text, version: before.version });
      else await agreementsApi.create(text);
    },
    onSuccess: async () => {
      draft.clear();
      await queries.invalidateQueries({ queryKey: ["agreements"] });
      onClose();
    },
  });
  const missing = [{ required: true, message: word("form.missing") }];
  const partyOf = (role: string) => before?.parties.find((party) => party.role === role)?.institution_id;
  const options = (side?: "inviting" | "invited") =>
    institutions
      .filter((each) => side === undefined || each.kind === side)
      .map((each) => ({ value: each.id, label: localName(each) }));
  return (
    <FormDialog<Fields>
      title={t(before ? (closed ? "agreement.read" : "agreement.edit") : "agreement.draw")}
      okText={closed ? t("agreement.close") : word("save")}
      width={860}
      form={form}
      initialValues={{
        kind: "direct",
        services: ["consultation"],
        ...(me.institution.kind === "inviting" ? { inviting: me.institution.id } : { invited: me.institution.id }),
        ...before,
        ...(before && { inviting: partyOf("inviting"), invited: partyOf("invited"), operator: partyOf("operator") }),
        ...(closed ? null : (draft.restored as Partial<Fields> | null)),
      }}
      busy={save.isPending}
      error={save.error}
      naming={naming}
      onChange={closed ? undefined : draft.save}
      onSubmit={save.mutate}
      onClose={onClose}
    >
      {closed && <Alert type="info" showIcon title={t("agreement.closedText")} style={{ marginBottom: 16 }} />}
      <fieldset disabled={closed} className="agreement-fields">
        <Form.Item name="title" label={t("agreement.name")} rules={missing}>
          <Input />
        </Form.Item>
        <Form.Item name="kind" label={t("agreement.kind")} rules={missing}>
          <Select options={choices("agreement")} disabled={closed} />
        </Form.Item>
        <Form.Item name="services" label={t("agreement.services")} rules={missing}>
          <Checkbox.Group options={choices("service")} disabled={closed} />
        </Form.Item>
        <Form.Item name="inviting" label={named("party_role", "inviting")} rules={missing}>
          <Select options={options("inviting")} disabled={closed} />
        </Form.Item>
        <Form.Item name="invited" label={named("party_role", "invited")} rules={missing}>
          <Select options={options("invited")} disabled={closed} />
        </Form.Item>
        {kind === "platform" && (
          <Form.Item name="operator" label={named("party_role", "operator")} rules={missing}>
            <Select options={options()} disabled={closed} />
          </Form.Item>
        )}
        {CLAUSES.map((clause) => (
          <Form.Item key={clause} name={["clauses", clause]} label={named("clause", clause)}>
            <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} />
          </Form.Item>
        ))}
        <Form.Item name="dispute_authority" label={t("opinion.dispute")}>
          <Input />
        </Form.Item>
        <Form.Item name="valid_from" label={t("agreement.from")} rules={missing}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="valid_until" label={t("agreement.until")} rules={missing}>
          <Input type="date" />
        </Form.Item>
      </fieldset>
    </FormDialog>
  );
}
