import { useQuery } from "@tanstack/react-query";
import { type Case, casesApi, type Meeting } from "@tongtai/api-client";
import { EmptyState, ErrorState, StateMark } from "@tongtai/ui";
import { Tabs } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router-dom";

import { TechniqueMark } from "../cases/marks";
import { PlanCard } from "../plans/PlanCard";
import { useErrorText } from "../shell/errors";
import { formatDateTime } from "../shell/preferences";
import { useMe } from "../shell/session";
import { Waiting } from "../shell/Waiting";
import { CaseImages } from "./CaseImages";
import { ConclusionPanel, VoteForm } from "./Deciding";
import { DiscussionPanel } from "./Discussion";
import { ExpertVoices } from "./ExpertVoices";
import { PanelSeats } from "./PanelSeats";
import { useMeetings } from "./queries";

import "./meetings.css";

const History = lazy(() => import("../intake/IntakeSection"));
const Warnings = lazy(async () => ({ default: (await import("../warnings/WarningsPanel")).WarningsPanel }));

/** The meeting on one screen: images and plan, the history, and the panel that decides. */
export default function MeetingPage() {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const { caseId = "", meetingId } = useParams();
  const found = useQuery({ queryKey: ["case", caseId], queryFn: () => casesApi.get(caseId) });
  const meetings = useMeetings(caseId);
  const error = found.error ?? meetings.error;
  if (error !== null) {
    return (
      <ErrorState
        title={word("error.title")}
        text={errorText(error)}
        action={<Link to="/cases">{word("case.toList")}</Link>}
      />
    );
  }
  if (!found.data || !meetings.data) return <Waiting />;
  const meeting = meetings.data.find(({ id }) => id === meetingId) ?? meetings.data[0];
  const back = <Link to={`/cases/${caseId}?tab=meeting`}>{found.data.number}</Link>;
  if (meeting === undefined) return <EmptyState title={t("meeting.none")} text={t("meeting.noneText")} action={back} />;
  return <MeetingRoom shown={found.data} meeting={meeting} />;
}

function MeetingRoom({ shown, meeting }: { readonly shown: Case; readonly meeting: Meeting }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const me = useMe();
  const expert = me.permissions.includes("expert_room") && shown.side === "centre";
  return (
    <div className="meeting" data-testid="meeting">
      <header className="page-head meeting-head">
        <Link to={`/cases/${shown.id}?tab=meeting`}>{shown.number}</Link>
        <h1>{t("meeting.title", { number: meeting.number })}</h1>
        <TechniqueMark technique={shown.technique} />
        <span>
          {[shown.patient.name, shown.patient.sex && word(`sex.${shown.patient.sex}`), shown.lesion]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <StateMark level={meeting.conclusion ? "good" : "info"}>
          {meeting.conclusion ? t("meeting.concluded") : formatDateTime(meeting.scheduled_at)}
        </StateMark>
        <span className="shell-dim" title={meeting.material_sha256}>
          {t("meeting.material", { hash: meeting.material_sha256.slice(0, 12) })}
        </span>
        {expert && <ExpertVoices />}
      </header>
      <div className="meeting-columns">
        <section className="meeting-pictures" aria-label={t("meeting.images")}>
          {shown.permissions.includes("imaging_read") && <CaseImages caseId={shown.id} />}
        </section>
        <section className="meeting-history" aria-label={t("meeting.history")}>
          <Suspense fallback={<Waiting />}>
            <Tabs
              items={[
                { key: "history", label: t("meeting.history"), children: <History shown={shown} /> },
                ...(shown.permissions.includes("care_read")
                  ? [{ key: "warnings", label: t("warning.title"), children: <Warnings shown={shown} /> }]
                  : []),
                ...(shown.permissions.includes("plan_read")
                  ? [{ key: "plan", label: t("meeting.plan"), children: <PlanCard caseId={shown.id} size="desk" /> }]
                  : []),
              ]}
            />
          </Suspense>
        </section>
        <section className="page-stack meeting-panel" aria-label={t("meeting.panel")}>
          {meeting.conclusion !== null && <ConclusionPanel shown={shown} meeting={meeting} />}
          <DiscussionPanel shown={shown} meeting={meeting} />
          <VoteForm key={meeting.id} shown={shown} meeting={meeting} />
          <PanelSeats shown={shown} meeting={meeting} />
          {meeting.conclusion === null && <ConclusionPanel shown={shown} meeting={meeting} />}
        </section>
      </div>
    </div>
  );
}
