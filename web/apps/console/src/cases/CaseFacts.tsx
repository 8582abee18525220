import type { Case } from "@tongtai/api-client";
import { Panel } from "@tongtai/ui";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { CaseEditor } from "./CaseEditor";
import { formatDateTime, useLocalName } from "../shell/preferences";

/** What is agreed on the case; who may change it gets a form in the same place. */
export function CaseFacts({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const mayEdit = shown.permissions.includes("case_write") && shown.record === "open";
  if (editing) {
    return (
      <Panel title={t("case.facts")}>
        <CaseEditor shown={shown} onClose={() => setEditing(false)} />
      </Panel>
    );
  }
  const edit = (
    <Button data-testid="case-edit" onClick={() => setEditing(true)}>
      {t("case.edit")}
    </Button>
  );
  return (
    <Panel title={t("case.facts")} actions={mayEdit ? edit : undefined}>
      <FactList shown={shown} />
    </Panel>
  );
}

function FactList({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation();
  const localName = useLocalName();
  const { patient } = shown;
  const hidden = t("case.hidden");
  return (
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
  );
}
