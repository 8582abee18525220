import { useMutation, useQuery } from "@tanstack/react-query";
import { type Case, plansApi, type StatementKind, workflowApi } from "@tongtai/api-client";
import { Alert, Form, Input, Modal } from "antd";
import { useTranslation } from "react-i18next";

import { useTextDraft } from "../shell/drafts";
import { useErrorText } from "../shell/errors";
import { useTakeWay } from "./queries";
import { useWords } from "./words";

interface StatementDialogProps {
  readonly shown: Case;
  readonly kind: StatementKind;
  onClose(): void;
}

/** A plan is read by its hash: what is stated is about that very text. */
function useApprovedPlan(caseId: string, wanted: boolean) {
  const plans = useQuery({ queryKey: ["plans", caseId], queryFn: () => plansApi.list(caseId), enabled: wanted });
  return plans.data?.find(({ state }) => state === "approved");
}

/** Something said for the record by name; it cannot be taken back. */
export function StatementDialog({ shown, kind, onClose }: StatementDialogProps) {
  const { t } = useTranslation("way");
  const errorText = useErrorText();
  const { named } = useWords();
  const take = useTakeWay(shown.id);
  const [text, setText] = useTextDraft(`state-${kind}`, shown.id);
  const aboutPlan = kind === "plan_read";
  const plan = useApprovedPlan(shown.id, aboutPlan);
  const state = useMutation({
    mutationFn: () =>
      workflowApi.state(shown.id, { kind, subject: plan?.id ?? "", sha256: plan?.plan_sha256 ?? "", text }),
    onSuccess: async (seen) => {
      setText("");
      await take(seen);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={named("statements", kind)}
      okText={t("stateConfirm")}
      cancelText={t("back")}
      okButtonProps={{ "data-testid": "statement-confirm", disabled: aboutPlan && plan === undefined }}
      confirmLoading={state.isPending}
      onOk={() => {
        state.mutate();
      }}
      onCancel={onClose}
    >
      <p>{t("stateText")}</p>
      {plan !== undefined && (
        <p>
          {t("plan", { version: plan.version })} · SHA-256 <code className="way-hash">{plan.plan_sha256}</code>
        </p>
      )}
      <Form layout="vertical">
        <Form.Item label={t("words")}>
          <Input.TextArea
            data-testid="statement-text"
            value={text}
            maxLength={4000}
            autoSize={{ minRows: 2, maxRows: 8 }}
            onChange={({ target }) => {
              setText(target.value);
            }}
          />
        </Form.Item>
      </Form>
      {state.isError && <Alert type="error" showIcon role="alert" title={errorText(state.error)} />}
    </Modal>
  );
}
