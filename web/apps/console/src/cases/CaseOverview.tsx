import { DocumentsPanel } from "../documents/DocumentsPanel";
import { PlanSection } from "../plans/PlanSection";
import { EvaluationPanel } from "../quality/EvaluationPanel";
import { useWay } from "../workflow/queries";
import { WayHistory } from "../workflow/WayHistory";
import { AwayWarning } from "./AwayWarning";
import { CaseFacts } from "./CaseFacts";
import { ImagingPanel } from "./ImagingPanel";
import type { SectionProps } from "./section";
import { TeamPanel } from "./TeamPanel";

/** The case at a glance: facts, pictures, plans, papers, people, and what has moved it. */
export function CaseOverview({ shown }: SectionProps) {
  const { data: workflow } = useWay(shown.id);
  return (
    <div className="page-columns">
      <div className="page-stack">
        {shown.state === "scheduled" && <AwayWarning caseId={shown.id} at={shown.scheduled_at} />}
        <CaseFacts shown={shown} />
        {shown.permissions.includes("imaging_read") && <ImagingPanel shown={shown} />}
        {shown.permissions.includes("plan_read") && <PlanSection shown={shown} />}
        {shown.permissions.includes("document_read") && <DocumentsPanel shown={shown} />}
      </div>
      <div className="page-stack">
        <TeamPanel shown={shown} />
        {shown.permissions.includes("session_rate") && shown.state === "closed" && <EvaluationPanel shown={shown} />}
        {workflow && <WayHistory workflow={workflow} />}
      </div>
    </div>
  );
}
