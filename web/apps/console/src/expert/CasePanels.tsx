import type { SessionSnapshot } from "@tongtai/session-core";
import { StateMark } from "@tongtai/ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { PlanCard } from "../plans/PlanCard";
import { formatDateTime, useLocalName, usePersonName, useTeamName } from "../shell/preferences";

function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** The patient as the hospital lets the experts see him, the team, the place. */
export function CaseFactsPanel({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const { t } = useTranslation("expert");
  const { t: shell } = useTranslation("shell");
  const localName = useLocalName();
  const personName = usePersonName();
  const { case: facts, state } = snapshot;
  const { patient } = facts;
  const dash = "–";
  return (
    <>
      <Facts>
        <Fact name={t("case.number")}>{facts.number}</Fact>
        <Fact name={t("case.patient")}>
          {[patient?.name, patient?.sex && t(`sex.${patient.sex}`), patient?.birth_date].filter(Boolean).join(" · ") ||
            dash}
        </Fact>
        <Fact name={t("case.hospitalNumber")}>{patient?.hospital_number ?? dash}</Fact>
        <Fact name={t("case.hospital")}>{localName(facts.inviting)}</Fact>
        <Fact name={t("case.room")}>{localName(facts.operating_room)}</Fact>
      </Facts>
      <h3>{t("case.team")}</h3>
      <ul className="team">
        {facts.team.map((member) => (
          <li key={`${member.user_id}/${member.role}`} data-leads={member.user_id === state.lead_guide_id}>
            {personName(member)} <span className="dim">{shell(`role.${member.role}`)}</span>
            {member.user_id === state.lead_guide_id && <StateMark level="info">{t("case.leads")}</StateMark>}
          </li>
        ))}
      </ul>
    </>
  );
}

/** What is to be done, and how far it is. */
export function PlanPanel({ snapshot, caseId }: { readonly snapshot: SessionSnapshot; readonly caseId: string }) {
  const { t } = useTranslation("expert");
  const { case: facts, state } = snapshot;
  const named = useTeamName(facts.team);
  return (
    <>
      {facts.permissions.includes("plan_read") && <PlanCard caseId={caseId} size="desk" />}
      <Facts>
        <Fact name={t("case.technique")}>{t(`technique.${facts.technique}`)}</Fact>
        <Fact name={t("case.lesion")}>{facts.lesion}</Fact>
        <Fact name={t("case.scheduled")}>{facts.scheduled_at ? formatDateTime(facts.scheduled_at) : "–"}</Fact>
      </Facts>
      <h3>{t("case.steps")}</h3>
      {state.steps.length === 0 && <p className="dim">{t("case.noSteps")}</p>}
      <ol className="team">
        {state.steps.map((mark) => (
          <li key={mark.t_ms}>
            {t(`step.${mark.step}`)} <span className="dim">{mark.note ?? named(mark.by_name)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
