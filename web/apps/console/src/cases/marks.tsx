import type { CaseState, ListedCase, Patient, Technique } from "@tongtai/api-client";
import { type Level, StateMark } from "@tongtai/ui";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import { isHalted } from "../workflow/stations";
import { useWords } from "../workflow/words";

const LEVEL_OF: Readonly<Record<CaseState, Level>> = { scheduled: "info", in_procedure: "good", closed: "off" };

export function CaseStateMark({ state }: { readonly state: CaseState }) {
  const { t } = useTranslation();
  return <StateMark level={LEVEL_OF[state]}>{t(`state.${state}`)}</StateMark>;
}

type Standing = Pick<ListedCase, "state" | "clinical_state">;

/** An open session is what matters; else the place on the way of cases, for those that go it; else the session's. */
export function useStandingText(): (row: Standing) => string {
  const { t } = useTranslation();
  const { named } = useWords();
  return ({ state, clinical_state }) =>
    state === "in_procedure" || clinical_state === null ? t(`state.${state}`) : named("states", clinical_state);
}

export function StandingMark({ row }: { readonly row: Standing }) {
  const text = useStandingText();
  const { state, clinical_state } = row;
  const halted = state !== "in_procedure" && clinical_state !== null && isHalted(clinical_state);
  return <StateMark level={halted ? "warn" : LEVEL_OF[state]}>{text(row)}</StateMark>;
}

export function TechniqueMark({ technique }: { readonly technique: Technique }) {
  const { t } = useTranslation();
  return (
    <span className="technique" data-technique={technique}>
      {t(`technique.${technique}`)}
    </span>
  );
}

/** As much of the patient as the case discloses to the reader: name, sex, date or year of birth. */
export function PatientLine({ patient }: { readonly patient: Patient }) {
  const { t } = useTranslation();
  const known = patientText(patient, t);
  return known === "" ? <span className="shell-dim">{t("case.patientHidden")}</span> : <>{known}</>;
}

/** The same as plain text; empty when nothing is disclosed. */
export function patientText(patient: Patient, t: TFunction): string {
  const parts = [patient.name, patient.sex === null ? null : t(`sex.${patient.sex}`), patient.birth_date];
  return parts.filter((part) => part !== null).join(" · ");
}
