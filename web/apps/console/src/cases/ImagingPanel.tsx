import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type Case, casesApi, type Series } from "@tongtai/api-client";
import { EmptyState, ErrorState, Panel } from "@tongtai/ui";
import { Table } from "antd";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { isoDate } from "./dicomDate";
import { UploadArea } from "./upload/UploadArea";

function descriptionOf(series: Series): string {
  const texts = [series.study_description, series.description].filter((text) => text !== "");
  return [...new Set(texts)].join(" · ");
}

export function ImagingPanel({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const key = ["series", shown.id];
  const { data, error, isPending } = useQuery({ queryKey: key, queryFn: () => casesApi.series(shown.id) });
  const mayPush = shown.permissions.includes("imaging_push") && shown.record === "open";
  return (
    <Panel title={t("imaging.title")} flush>
      {error !== null ? (
        <ErrorState title={t("error.title")} text={errorText(error)} />
      ) : data?.length === 0 ? (
        <EmptyState title={t("imaging.none")} text={t(mayPush ? "imaging.noneTextPush" : "imaging.noneText")} />
      ) : (
        <Table<Series>
          rowKey="series_uid"
          size="small"
          loading={isPending}
          locale={{ emptyText: " " }}
          dataSource={data}
          pagination={false}
          columns={[
            { title: t("imaging.date"), width: 120, render: (_, { study_date }) => isoDate(study_date) },
            { title: t("imaging.modality"), dataIndex: "modality", width: 90 },
            {
              title: t("imaging.description"),
              render: (_, series) => descriptionOf(series) || t("imaging.noDescription"),
            },
            { title: t("imaging.images"), dataIndex: "instances", align: "right", width: 90 },
            { title: t("imaging.matrix"), align: "right", width: 110, render: (_, s) => `${s.columns} × ${s.rows}` },
          ]}
        />
      )}
      {mayPush && (
        <UploadArea
          caseId={shown.id}
          onArrived={() => {
            void queries.invalidateQueries({ queryKey: key });
          }}
        />
      )}
    </Panel>
  );
}
