import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Case, evaluationsApi, type RecordValues } from "@tongtai/api-client";
import { Panel } from "@tongtai/ui";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { RecordFacts, RecordFields, useRecordForm } from "../forms/RecordFields";
import { FormDialog } from "../shell/FormDialog";
import { formatDateTime, usePreferences } from "../shell/preferences";

/** How the hospital rates the guidance of a finished session: once, in numbers only. */
export function EvaluationPanel({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const queries = useQueryClient();
  const form = useRecordForm("session_evaluation");
  const [rating, setRating] = useState(false);
  const key = ["evaluation", shown.id];
  const { data, isSuccess } = useQuery({ queryKey: key, queryFn: () => evaluationsApi.ofCase(shown.id) });
  const rate = useMutation({
    mutationFn: (values: RecordValues) => evaluationsApi.rate(shown.id, values),
    onSuccess: ({ evaluation }) => {
      queries.setQueryData(key, evaluation);
      setRating(false);
    },
  });
  if (form === undefined || !isSuccess) return null;
  return (
    <Panel
      title={form[language]}
      actions={
        data === null && (
          <Button type="primary" data-testid="rate" onClick={() => setRating(true)}>
            {t("evaluation.rate")}
          </Button>
        )
      }
    >
      {data === null ? (
        <p className="shell-dim">{t("evaluation.text")}</p>
      ) : (
        <>
          <RecordFacts form={form} values={data.scores} />
          <p className="shell-dim">
            {language === "en" ? data.by.name_en : data.by.name}, {formatDateTime(data.at)}
          </p>
        </>
      )}
      {rating && (
        <FormDialog<RecordValues>
          title={form[language]}
          okText={t("evaluation.send")}
          busy={rate.isPending}
          error={rate.error}
          onSubmit={rate.mutate}
          onClose={() => setRating(false)}
        >
          <p>{t("evaluation.scale")}</p>
          <RecordFields form={form} step="rate" />
        </FormDialog>
      )}
    </Panel>
  );
}
