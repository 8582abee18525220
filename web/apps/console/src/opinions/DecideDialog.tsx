import { useMutation } from "@tanstack/react-query";
import { type Case, type NewDecision, type Opinion, opinionsApi } from "@tongtai/api-client";
import { Alert, Form, Input, Radio } from "antd";
import { useTranslation } from "react-i18next";

import { useTextDraft } from "../shell/drafts";
import { FormDialog } from "../shell/FormDialog";
import { useRefreshCase } from "../workflow/queries";
import { PasswordField } from "../signing/SignDialog";
import { useCaseNaming, useWords } from "../workflow/words";
import { Liability } from "./Liability";

type Fields = Pick<NewDecision, "outcome" | "operates" | "password"> & { readonly reason?: string };

/** The inviting side's decision: it answers for it, and signs it at once. */
export function DecideDialog({
  shown,
  opinion,
  onClose,
}: {
  readonly shown: Case;
  readonly opinion: Opinion;
  onClose(): void;
}) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const { choices } = useWords();
  const naming = useCaseNaming(shown);
  const refresh = useRefreshCase(shown.id);
  const [reason, setReason] = useTextDraft("decision", shown.id);
  const [form] = Form.useForm<Fields>();
  const outcome = Form.useWatch("outcome", form);
  const decide = useMutation({
    mutationFn: (fields: Fields) => opinionsApi.decide(shown.id, { reason: "", ...fields, opinion_id: opinion.id }),
    onSuccess: async () => {
      setReason("");
      await refresh();
      onClose();
    },
  });
  return (
    <FormDialog<Fields>
      title={t("decision.dialog", { number: opinion.number })}
      okText={t("decision.ok")}
      width={640}
      form={form}
      initialValues={{ reason }}
      busy={decide.isPending}
      error={decide.error}
      naming={naming}
      onChange={(all) => setReason(all.reason ?? "")}
      onSubmit={(fields) => decide.mutate(fields)}
      onClose={onClose}
    >
      <Liability shown={shown} />
      <Alert type="info" showIcon title={t("decision.whose")} style={{ margin: "16px 0" }} />
      <Form.Item
        name="outcome"
        label={t("decision.outcome")}
        rules={[{ required: true, message: word("form.missing") }]}
      >
        <Radio.Group optionType="button" options={choices("outcome")} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t("decision.reason")}
        rules={[{ required: outcome !== undefined && outcome !== "adopted", message: t("decision.reasonNeeded") }]}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
      <Form.Item
        name="operates"
        label={t("decision.operate")}
        rules={[{ required: true, message: word("form.missing") }]}
      >
        <Radio.Group
          optionType="button"
          options={[
            { value: true, label: t("decision.operates") },
            { value: false, label: t("decision.doesNot") },
          ]}
        />
      </Form.Item>
      <PasswordField />
    </FormDialog>
  );
}
