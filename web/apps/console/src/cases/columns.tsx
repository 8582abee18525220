import type { ListedCase } from "@tongtai/api-client";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { formatDateTime, useLocalName } from "../shell/preferences";
import type { ColumnName } from "./listQuery";
import { patientText, PatientLine, StandingMark, TechniqueMark, useStandingText } from "./marks";

export interface CaseColumn {
  readonly title: string;
  readonly width: number;
  /** As it is exported, and what it is sorted by unless `order` says otherwise. */
  readonly text: (row: ListedCase) => string;
  readonly order?: (row: ListedCase) => string;
  readonly cell?: (row: ListedCase) => ReactNode;
}

/** Every column that the list of cases can have. */
export function useCaseColumns(): Readonly<Record<ColumnName, CaseColumn>> {
  const { t } = useTranslation();
  const localName = useLocalName();
  const standingText = useStandingText();
  return {
    number: {
      title: t("case.number"),
      width: 120,
      text: ({ number }) => number,
      cell: ({ id, number }) => (
        <Link to={`/cases/${id}`} tabIndex={-1}>
          {number}
        </Link>
      ),
    },
    scheduled: {
      title: t("case.scheduledAt"),
      width: 160,
      text: ({ scheduled_at }) => formatDateTime(scheduled_at),
      order: ({ scheduled_at }) => scheduled_at,
    },
    state: {
      title: t("case.state"),
      width: 170,
      text: standingText,
      cell: (row) => <StandingMark row={row} />,
    },
    technique: {
      title: t("case.technique"),
      width: 110,
      text: ({ technique }) => t(`technique.${technique}`),
      cell: ({ technique }) => <TechniqueMark technique={technique} />,
    },
    patient: {
      title: t("case.patient"),
      width: 220,
      text: ({ patient }) => patientText(patient, t),
      cell: ({ patient }) => <PatientLine patient={patient} />,
    },
    lesion: { title: t("case.lesion"), width: 260, text: ({ lesion }) => lesion },
    site: {
      title: t("case.site"),
      width: 230,
      text: ({ inviting, operating_room }) => `${localName(inviting)} · ${localName(operating_room)}`,
    },
    centre: { title: t("case.centre"), width: 190, text: ({ invited }) => localName(invited) },
  };
}
