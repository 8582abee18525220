import type { Case } from "@tongtai/api-client";
import { Panel } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { formatDateTime, useLocalName } from "../shell/preferences";

export function CaseFacts({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation();
  const localName = useLocalName();
  const { patient } = shown;
  const hidden = t("case.hidden");
  return (
    <Panel title={t("case.facts")}>
      <dl className="facts">
        <dt>{t("case.lesion")}</dt>
        <dd>{shown.lesion}</dd>
        <dt>{t("case.scheduledAt")}</dt>
        <dd>{formatDateTime(shown.scheduled_at)}</dd>
        <dt>{t("case.site")}</dt>
        <dd>
          {localName(shown.inviting)} · {localName(shown.operating_room)}
        </dd>
        <dt>{t("case.centre")}</dt>
        <dd>{localName(shown.invited)}</dd>
        <dt>{t("patient.name")}</dt>
        <dd>{patient.name ?? hidden}</dd>
        <dt>{t("patient.sex")}</dt>
        <dd>{patient.sex === null ? hidden : t(`sex.${patient.sex}`)}</dd>
        <dt>{t("patient.birthDate")}</dt>
        <dd>{patient.birth_date ?? hidden}</dd>
        <dt>{t("patient.hospitalNumber")}</dt>
        <dd>{patient.hospital_number ?? hidden}</dd>
        <dt>{t("case.disclosure")}</dt>
        <dd>{t(`disclosure.${shown.disclosure}`)}</dd>
      </dl>
    </Panel>
  );
}
