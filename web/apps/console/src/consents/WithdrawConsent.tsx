import { useMutation } from "@tanstack/react-query";
import { type Case, type Consent, consentsApi } from "@tongtai/api-client";
import { Alert, App, Form, Input } from "antd";
import { useTranslation } from "react-i18next";

import { FormDialog } from "../shell/FormDialog";
import { useRefreshCase, useWay } from "../workflow/queries";
import { useWords } from "../workflow/words";

/** Says what a withdrawal does where the case stands, before it is noted. */
export function WithdrawConsent({
  shown,
  consent,
  onClose,
}: {
  readonly shown: Case;
  readonly consent: Consent;
  onClose(): void;
}) {
  const { t } = useTranslation("clinical");
  const { word } = useWords();
  const { message } = App.useApp();
  const way = useWay(shown.id);
  const refresh = useRefreshCase(shown.id);
  const withdraw = useMutation({
    mutationFn: (reason: string) => consentsApi.withdraw(shown.id, consent.id, reason),
    onSuccess: async ({ effect }) => {
      message.info(word("effect", effect));
      await refresh();
      onClose();
    },
  });
  const effect = way.data?.withdrawal[consent.kind] ?? "stop_reading";
  return (
    <FormDialog<{ reason?: string }>
      title={t("consent.withdrawTitle", { kind: word("kind", consent.kind) })}
      okText={t("consent.withdraw")}
      busy={withdraw.isPending}
      error={withdraw.error}
      onSubmit={({ reason = "" }) => withdraw.mutate(reason)}
      onClose={onClose}
    >
      <Alert type="warning" showIcon title={word("effect", effect)} style={{ marginBottom: 16 }} />
      <Form.Item name="reason" label={t("consent.withdrawalReason")} extra={t("consent.noReasonOwed")}>
        <Input.TextArea autoSize={{ minRows: 2 }} />
      </Form.Item>
    </FormDialog>
  );
}
