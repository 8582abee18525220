import { type Case, plansApi, type PlanSummary } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { Alert, Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { useMe } from "../shell/session";
import { type ActState, planActs } from "./acts";
import { useRefreshPlans } from "./queries";

type Act = "review" | "approve";

interface ActDialogProps {
  readonly caseId: string;
  readonly summary: PlanSummary;
  readonly act: Act;
  readonly onClose: () => void;
}

/** A signature: says what is signed, by its hash, before it is. */
function ActDialog({ caseId, summary, act, onClose }: ActDialogProps) {
  const { t } = useTranslation("plan");
  const errorText = useErrorText();
  const refresh = useRefreshPlans(caseId);
  const [note, setNote] = useState("");
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const send = async () => {
    setSending(true);
    setProblem(null);
    try {
      await (act === "review" ? plansApi.review(caseId, summary.id, note) : plansApi.approve(caseId, summary.id));
      await refresh(summary.id);
      onClose();
    } catch (error) {
      setProblem(errorText(error));
      setSending(false);
    }
  };
  return (
    <Modal
      open
      title={t(`act.${act}.title`, { version: summary.version })}
      okText={t(`act.${act}.confirm`)}
      cancelText={t("form.close")}
      okButtonProps={{ "data-testid": `${act}-confirm` }}
      confirmLoading={sending}
      onOk={() => void send()}
      onCancel={onClose}
    >
      <p>{t(`act.${act}.text`)}</p>
      <p>
        SHA-256 <code className="plan-hash">{summary.plan_sha256}</code>
      </p>
      {act === "review" && (
        <Input.TextArea
          value={note}
          maxLength={2000}
          rows={3}
          placeholder={t("act.review.note")}
          aria-label={t("act.review.note")}
          onChange={({ target }) => setNote(target.value)}
        />
      )}
      {problem !== null && <Alert type="error" showIcon title={problem} />}
    </Modal>
  );
}

/** Why the next step is not offered to this reader; null when it is. */
function reasonOf(act: Act, state: ActState): string | null {
  if (state === "own_plan") return `reason.own.${act}`;
  return state === "no_right" ? `reason.waits.${act}` : null;
}

/** Review, then approve: by somebody else than the planner. */
export function PlanActButtons({ shown, summary }: { readonly shown: Case; readonly summary: PlanSummary }) {
  const { t } = useTranslation("plan");
  const me = useMe();
  const [open, setOpen] = useState<Act | null>(null);
  const acts = planActs(summary, me.user.id, shown.permissions);
  const next: Act | null = summary.state === "draft" ? "review" : summary.state === "reviewed" ? "approve" : null;
  if (next === null) return null;
  const reason = reasonOf(next, acts[next]);
  return (
    <>
      {reason !== null && (
        <StateMark level="info">
          <span data-testid="plan-act-reason">{t(reason)}</span>
        </StateMark>
      )}
      {acts[next] !== "no_right" && (
        <Button
          type="primary"
          data-testid={`plan-${next}`}
          disabled={acts[next] !== "possible"}
          onClick={() => setOpen(next)}
        >
          {t(`act.${next}.button`)}
        </Button>
      )}
      {open !== null && <ActDialog caseId={shown.id} summary={summary} act={open} onClose={() => setOpen(null)} />}
    </>
  );
}
