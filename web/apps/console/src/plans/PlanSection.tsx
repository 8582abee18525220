import { useQuery } from "@tanstack/react-query";
import { type Case, casesApi, type PlanJob } from "@tongtai/api-client";
import { ErrorState, Panel } from "@tongtai/ui";
import { Button, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { JobCard } from "./JobCard";
import { PlanForm } from "./PlanForm";
import { PlanTable } from "./PlanTable";
import "./plans.css";
import { isAtWork, useJobs, usePlanOptions, usePlans } from "./queries";

/** Jobs worth looking at: those at work, and the newest when it came to nothing. */
function shownJobs(jobs: readonly PlanJob[]): PlanJob[] {
  return jobs.filter((job, index) => isAtWork(job) || (index === 0 && job.plan_id === null));
}

function NewPlan({ shown, onClose }: { readonly shown: Case; readonly onClose: () => void }) {
  const { t } = useTranslation("plan");
  const errorText = useErrorText();
  const options = usePlanOptions(shown.id, true);
  const series = useQuery({ queryKey: ["series", shown.id], queryFn: () => casesApi.series(shown.id) });
  const error = options.error ?? series.error;
  if (error) return <ErrorState title={t("failed")} text={errorText(error)} />;
  if (!options.data || !series.data) return <Spin />;
  return <PlanForm shown={shown} series={series.data} options={options.data} onClose={onClose} />;
}

/** Plans of a case: ask for one, watch it being made, open it. */
export function PlanSection({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("plan");
  const errorText = useErrorText();
  const plans = usePlans(shown.id);
  const jobs = useJobs(shown.id);
  const [asking, setAsking] = useState(false);
  const mayMake = shown.permissions.includes("plan_make") && shown.record === "open";
  const begin = (
    <Button type="primary" data-testid="plan-new" onClick={() => setAsking(true)}>
      {t("new")}
    </Button>
  );
  const error = plans.error ?? jobs.error;
  return (
    <Panel title={t("title")} actions={mayMake && !asking ? begin : undefined} flush>
      {asking && (
        <div className="plan-ask">
          <NewPlan shown={shown} onClose={() => setAsking(false)} />
        </div>
      )}
      {shownJobs(jobs.data ?? []).map((job) => (
        <JobCard key={job.id} caseId={shown.id} job={job} mayMake={mayMake} />
      ))}
      {error ? (
        <ErrorState title={t("failed")} text={errorText(error)} />
      ) : plans.data ? (
        // While the first plan is being made, nobody is told to ask for one.
        (plans.data.length > 0 || !jobs.data?.some(isAtWork)) && (
          <PlanTable caseId={shown.id} plans={plans.data} mayMake={mayMake} />
        )
      ) : (
        <Spin className="plan-wait" aria-label={t("loading")} />
      )}
    </Panel>
  );
}
