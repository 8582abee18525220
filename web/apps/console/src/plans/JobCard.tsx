import { useQueryClient } from "@tanstack/react-query";
import { ApiError, type PlanJob, type PlanStep, plansApi } from "@tongtai/api-client";
import { type Level, StateMark } from "@tongtai/ui";
import { Alert, Button, Progress } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { formatDateTime } from "../shell/preferences";
import { usePlanPerson } from "./names";
import { isAtWork, jobsKey } from "./queries";

const STEP_LEVEL: Readonly<Record<PlanStep["state"], Level>> = {
  waiting: "off",
  running: "info",
  done: "good",
  failed: "bad",
};
const JOB_LEVEL: Readonly<Record<PlanJob["state"], Level>> = {
  queued: "off",
  running: "info",
  done: "good",
  failed: "bad",
  cancelled: "off",
};

/** What a job failed by has the form of every error. */
const failureOf = ({ code, message, values }: NonNullable<PlanJob["error"]>): ApiError =>
  new ApiError(0, code, message, values);

/** What a step is at, in the reader's words: "liver: full resolution" has two. */
function useDoing(): (message: string) => string {
  const { t } = useTranslation("plan");
  return (message) =>
    message
      .split(": ")
      .map((part) => t(`doing.${part}`, { defaultValue: part }))
      .join(" · ");
}

function Step({ step, ofSeeds }: { readonly step: PlanStep; readonly ofSeeds: boolean }) {
  const { t } = useTranslation("plan");
  const doing = useDoing();
  const name = ofSeeds && step.name === "plan" ? t("seeds.step") : t(`step.${step.name}`);
  return (
    <li className="plan-step" data-state={step.state} data-testid={`plan-step-${step.name}`}>
      <StateMark level={STEP_LEVEL[step.state]}>{name}</StateMark>
      <span className="shell-dim">
        {step.state === "running" ? `${Math.round(step.share * 100)} %` : t(`stepState.${step.state}`)}
        {step.message === "" ? null : ` · ${doing(step.message)}`}
      </span>
    </li>
  );
}

/** One planning job: how far each step is, and what can be done about it. The server works on, whoever looks. */
export function JobCard({ caseId, job, mayMake }: { caseId: string; job: PlanJob; mayMake: boolean }) {
  const { t } = useTranslation("plan");
  const queries = useQueryClient();
  const errorText = useErrorText();
  const personOf = usePlanPerson();
  const [problem, setProblem] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const act = async (send: (caseId: string, jobId: string) => Promise<PlanJob>) => {
    setSending(true);
    setProblem(null);
    try {
      await send(caseId, job.id);
      await queries.invalidateQueries({ queryKey: jobsKey(caseId) });
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setSending(false);
    }
  };
  const working = isAtWork(job);
  return (
    <section className="plan-job" data-testid="plan-job" data-state={job.state} aria-label={t(`job.${job.state}`)}>
      <header className="plan-job__head">
        <StateMark level={JOB_LEVEL[job.state]}>{t(`job.${job.state}`)}</StateMark>
        <span className="shell-dim">
          {t("job.asked", { name: personOf(job.requested_by), at: formatDateTime(job.requested_at) })} ·{" "}
          {t(`technique.${job.request.technique}`)} · {t("job.margin", { mm: job.request.margin_mm })}
        </span>
        {mayMake && (
          <span className="plan-job__acts">
            {working ? (
              <Button data-testid="plan-cancel" loading={sending} onClick={() => void act(plansApi.cancel)}>
                {t("job.cancel")}
              </Button>
            ) : (
              <Button data-testid="plan-retry" loading={sending} onClick={() => void act(plansApi.retry)}>
                {t("job.retry")}
              </Button>
            )}
          </span>
        )}
      </header>
      <Progress
        percent={Math.round(job.share * 100)}
        status={job.state === "failed" ? "exception" : working ? "active" : "normal"}
        aria-label={t("job.share")}
      />
      <ol className="plan-steps">
        {job.steps.map((step) => (
          <Step key={step.name} step={step} ofSeeds={job.request.technique === "seeds"} />
        ))}
      </ol>
      {job.error && (
        <Alert type="error" showIcon title={t("job.failedBecause")} description={errorText(failureOf(job.error))} />
      )}
      {job.state === "cancelled" && <p className="shell-dim plan-job__note">{t("job.cancelledText")}</p>}
      {problem !== null && <Alert type="error" showIcon title={problem} />}
    </section>
  );
}
