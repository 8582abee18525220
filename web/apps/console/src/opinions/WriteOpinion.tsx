import { useMutation, useQuery } from "@tanstack/react-query";
import { type Case, type Opinion, opinionsApi, plansApi } from "@tongtai/api-client";
import { Alert, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";

import { useFormDraft } from "../shell/drafts";
import { FormDialog } from "../shell/FormDialog";
import { useMe } from "../shell/session";
import { useRefreshCase } from "../workflow/queries";
import { useCaseNaming, useWords } from "../workflow/words";

const PARTS = ["findings", "diagnosis", "recommendation", "risks", "addendum"] as const;
const MANDATORY: ReadonlySet<string> = new Set(["findings", "diagnosis", "recommendation"]);
const EXPERTS: ReadonlySet<string> = new Set(["lead_guide", "backup_guide", "mdt_member"]);

type Fields = Partial<Record<(typeof PARTS)[number], string>> & { readonly experts: string[] };

/** Writes an opinion down, or changes a draft that nobody has signed. What is typed survives a reload. */
export function WriteOpinion({
  shown,
  before,
  onClose,
}: {
  readonly shown: Case;
  readonly before: Opinion | undefined;
  onClose(): void;
}) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const { word: named } = useWords();
  const me = useMe();
  const naming = useCaseNaming(shown);
  const refresh = useRefreshCase(shown.id);
  const draft = useFormDraft("opinion", `${shown.id}.${before?.id ?? "new"}`);
  const plans = useQuery({ queryKey: ["plans", shown.id], queryFn: () => plansApi.list(shown.id) });
  const approved = plans.data?.find(({ state }) => state === "approved");
  const write = useMutation({
    mutationFn: ({ experts, ...parts }: Fields) => {
      const filled = Object.fromEntries(Object.entries(parts).filter(([, text]) => text !== undefined && text !== ""));
      return before
        ? opinionsApi.change(shown.id, before.id, { parts: filled, experts, version: before.version })
        : opinionsApi.write(shown.id, { parts: filled, experts, plan_sha256: approved?.plan_sha256 ?? "" });
    },
    onSuccess: async () => {
      draft.clear();
      await refresh();
      onClose();
    },
  });
  const people = shown.team.filter(({ side, role }) => side === "centre" && EXPERTS.has(role));
  const options = [...new Set(people.map(({ user_id }) => user_id))].map((id) => ({
    value: id,
    label: naming("user_id", id) ?? id,
  }));
  return (
    <FormDialog<Fields>
      title={t(before ? "opinion.editTitle" : "opinion.write")}
      okText={word("save")}
      width={760}
      initialValues={{
        experts: [me.user.id],
        ...before?.parts,
        ...(before && { experts: before.experts }),
        ...draft.restored,
      }}
      busy={write.isPending}
      error={write.error}
      naming={naming}
      onChange={draft.save}
      onSubmit={(fields) => write.mutate(fields)}
      onClose={onClose}
    >
      {draft.restored && <Alert type="info" showIcon title={word("form.restored")} />}
      {PARTS.map((part) => (
        <Form.Item
          key={part}
          name={part}
          label={named("part", part)}
          rules={MANDATORY.has(part) ? [{ required: true, message: word("form.missing") }] : []}
        >
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 10 }} />
        </Form.Item>
      ))}
      <Form.Item
        name="experts"
        label={t("opinion.experts")}
        extra={t("opinion.eachSigns")}
        rules={[{ required: true, message: word("form.missing") }]}
      >
        <Select mode="multiple" options={options} />
      </Form.Item>
      <p className="shell-dim">
        {approved ? t("opinion.aboutPlan", { version: approved.version }) : t("opinion.withoutPlan")}
      </p>
    </FormDialog>
  );
}
