import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ImpactAssessment, privacyApi, type RecordForm, type RecordValues } from "@tongtai/api-client";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { sha256 } from "../archive/hash";
import { dayOf } from "../followup/days";
import { RecordFields, useRecordForm } from "../forms/RecordFields";
import { toFields, toWire } from "../forms/recordValues";
import { useFormDraft } from "../shell/drafts";
import { FormDialog } from "../shell/FormDialog";
import { PRIVACY } from "./AssessmentsTab";

interface Report {
  readonly file_name: string;
  readonly file_sha256: string;
}

interface Props {
  readonly known: ImpactAssessment | undefined;
  onClose(): void;
}

export function AssessmentDialog({ known, onClose }: Props) {
  const form = useRecordForm("impact_assessment");
  return form === undefined ? null : <Filled known={known} form={form} onClose={onClose} />;
}

/** An assessment's text; of the signed report only its name and hash leave this device. */
function Filled({ known, form, onClose }: Props & { readonly form: RecordForm }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const queries = useQueryClient();
  const draft = useFormDraft("assessment", known?.id ?? "new");
  const [report, setReport] = useState<Report>({
    file_name: known?.file_name ?? "",
    file_sha256: known?.file_sha256 ?? "",
  });
  const save = useMutation({
    mutationFn: (fields: RecordValues) => {
      const body = { values: toWire(form, fields), ...report };
      return known ? privacyApi.change(known.id, { ...body, version: known.version }) : privacyApi.begin(body);
    },
    onSuccess: async () => {
      draft.clear();
      await queries.invalidateQueries({ queryKey: PRIVACY });
      onClose();
    },
  });
  const read = async (file: File | undefined) => {
    if (file !== undefined) setReport({ file_name: file.name, file_sha256: await sha256(await file.arrayBuffer()) });
  };
  const first = known ? toFields(form, known.values) : { assessed_on: dayOf(new Date()) };
  return (
    <FormDialog<RecordValues>
      title={t(known ? "privacy.edit" : "privacy.begin")}
      okText={word("save")}
      width={760}
      initialValues={{ ...first, ...draft.restored }}
      busy={save.isPending}
      error={save.error}
      onSubmit={save.mutate}
      onClose={onClose}
      onChange={draft.save}
    >
      <p>{t("privacy.beginText")}</p>
      <RecordFields form={form} step="" />
      <label className="assessment-report">
        {t("privacy.report")}
        <input type="file" onChange={({ target }) => void read(target.files?.[0])} />
        <span className="shell-dim">{t("privacy.reportText")}</span>
        {report.file_sha256 !== "" && (
          <span>
            {report.file_name} · SHA-256 <code>{report.file_sha256}</code>
          </span>
        )}
      </label>
    </FormDialog>
  );
}
