import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Expert, expertsApi } from "@tongtai/api-client";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";

import { localInstant } from "../followup/days";
import { FormDialog } from "../shell/FormDialog";
import { formatDateTime, usePersonName } from "../shell/preferences";
import { EXPERTS } from "./ExpertsPage";

interface Fields {
  readonly since: string;
  readonly until: string;
  readonly reason?: string;
}

/** When somebody is away: in that time nobody can put them into the team of an operation. */
export function LeaveDialog({ expert, onClose }: { readonly expert: Expert; onClose(): void }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const personName = usePersonName();
  const queries = useQueryClient();
  const onSuccess = async () => {
    await queries.invalidateQueries({ queryKey: EXPERTS });
    onClose();
  };
  const add = useMutation({
    mutationFn: ({ since, until, reason = "" }: Fields) =>
      expertsApi.leave(expert.user_id, {
        since: new Date(since).toISOString(),
        until: new Date(until).toISOString(),
        reason,
      }),
    onSuccess,
  });
  const end = useMutation({ mutationFn: (id: string) => expertsApi.comeBack(expert.user_id, id), onSuccess });
  const missing = [{ required: true, message: word("form.missing") }];
  return (
    <FormDialog<Fields>
      title={`${personName(expert)} · ${t("expert.leave")}`}
      okText={t("expert.addLeave")}
      initialValues={{ since: localInstant(new Date()) }}
      busy={add.isPending}
      error={add.error ?? end.error}
      onSubmit={add.mutate}
      onClose={onClose}
    >
      {expert.leaves.map((leave) => (
        <p key={leave.id} className="row-acts">
          {formatDateTime(leave.since)} – {formatDateTime(leave.until)} {leave.reason}
          <Button loading={end.isPending} onClick={() => end.mutate(leave.id)}>
            {t("expert.endLeave")}
          </Button>
        </p>
      ))}
      <p>{t("expert.leaveText")}</p>
      <Form.Item name="since" label={t("expert.since")} rules={missing}>
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item name="until" label={t("expert.back")} rules={missing}>
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item name="reason" label={t("expert.reason")} extra={t("expert.reasonHint")}>
        <Input maxLength={500} />
      </Form.Item>
    </FormDialog>
  );
}
