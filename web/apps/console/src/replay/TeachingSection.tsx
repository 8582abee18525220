import { useMutation, useQuery } from "@tanstack/react-query";
import { type Case, replaysApi, type TeachingApproval } from "@tongtai/api-client";
import { EmptyState, ErrorState, Panel, StateMark } from "@tongtai/ui";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { RecordingsPanel } from "../cases/RecordingsPanel";
import type { SectionProps } from "../cases/section";
import { useErrorText } from "../shell/errors";
import { FormDialog } from "../shell/FormDialog";
import { formatDateTime } from "../shell/preferences";
import { Waiting } from "../shell/Waiting";
import { Lacks } from "../workflow/Lacks";
import { useRefreshCase } from "../workflow/queries";

import "./replay.css";

/** The recordings of a case: see them again, and who may for teaching. */
export function TeachingSection({ shown }: SectionProps) {
  const { t } = useTranslation("replay");
  return (
    <div className="page-stack">
      <Panel title={t("title")}>
        <p>{t("replayText")}</p>
        <Link to={`/cases/${shown.id}/replay`} data-testid="open-replay">
          <Button type="primary">{t("open")}</Button>
        </Link>
      </Panel>
      <TeachingPanel shown={shown} />
      {shown.permissions.includes("session_export") && <RecordingsPanel caseId={shown.id} />}
    </div>
  );
}

function TeachingPanel({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("replay");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const [ending, setEnding] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["teaching", shown.id],
    queryFn: () => replaysApi.teaching(shown.id),
  });
  if (error) return <ErrorState title={word("error.title")} text={errorText(error)} />;
  if (!data) return <Waiting />;
  const may = shown.permissions.includes("teaching_approve");
  const [newest] = data.approvals;
  const stands = newest !== undefined && newest.ended_at === null;
  return (
    <Panel
      title={t("teachingTitle")}
      actions={
        may && (
          <span className="acts">
            {stands && (
              <Button danger onClick={() => setEnding(true)} data-testid="end-teaching">
                {t("end")}
              </Button>
            )}
            <Link to={`/cases/${shown.id}/teaching`} data-testid="open-approval">
              <Button>{t(stands ? "approveAnew" : "approve")}</Button>
            </Link>
          </span>
        )
      }
    >
      <StateMark level={data.lacks.length === 0 ? "good" : "off"}>
        {t(data.lacks.length === 0 ? "isShown" : "isOff")}
      </StateMark>
      <Lacks lacks={data.lacks} />
      {data.approvals.length === 0 ? (
        <EmptyState title={t("noApproval")} text={t("noApprovalText")} />
      ) : (
        <ul className="plain-list">
          {data.approvals.map((approval) => (
            <ApprovalLine key={approval.number} approval={approval} />
          ))}
        </ul>
      )}
      {ending && <EndDialog shown={shown} onClose={() => setEnding(false)} />}
    </Panel>
  );
}

function ApprovalLine({ approval }: { readonly approval: TeachingApproval }) {
  const { t } = useTranslation("replay");
  const { t: expert } = useTranslation("expert");
  const feeds = approval.feeds.map(({ feed, masks }) =>
    t("feedMasks", { feed: expert(`feed.${feed}`, { defaultValue: feed }), count: masks.length }),
  );
  return (
    <li className="record__head">
      <StateMark level={approval.ended_at === null ? "good" : "off"}>
        {t("approvedBy", { name: approval.approved_by_name, at: formatDateTime(approval.approved_at) })}
      </StateMark>
      <span>{approval.purpose}</span>
      <span className="shell-dim">{feeds.join(" · ")}</span>
      {approval.ended_at !== null && (
        <span>{t("endedAt", { at: formatDateTime(approval.ended_at), reason: approval.end_reason })}</span>
      )}
    </li>
  );
}

function EndDialog({ shown, onClose }: { readonly shown: Case; onClose(): void }) {
  const { t } = useTranslation("replay");
  const { t: word } = useTranslation();
  const refresh = useRefreshCase(shown.id);
  const send = useMutation({
    mutationFn: ({ reason }: { reason: string }) => replaysApi.end(shown.id, reason),
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  return (
    <FormDialog<{ reason: string }>
      title={t("end")}
      okText={t("end")}
      busy={send.isPending}
      error={send.error}
      onSubmit={send.mutate}
      onClose={onClose}
    >
      <p>{t("endText")}</p>
      <Form.Item name="reason" label={t("endReason")} rules={[{ required: true, message: word("form.missing") }]}>
        <Input.TextArea autoSize={{ minRows: 2 }} />
      </Form.Item>
    </FormDialog>
  );
}
