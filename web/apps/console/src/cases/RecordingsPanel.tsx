import { useQuery } from "@tanstack/react-query";
import { casesApi, type Recording } from "@tongtai/api-client";
import { EmptyState, ErrorState, Panel } from "@tongtai/ui";
import { Table } from "antd";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { formatDateTime } from "../shell/preferences";

const BYTES_PER_MEGABYTE = 1e6;

export function RecordingsPanel({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { data, error, isPending } = useQuery({
    queryKey: ["recordings", caseId],
    queryFn: () => casesApi.recordings(caseId),
  });
  return (
    <Panel title={t("recordings.title")} flush>
      {error !== null ? (
        <ErrorState title={t("error.title")} text={errorText(error)} />
      ) : data?.length === 0 ? (
        <EmptyState title={t("recordings.none")} text={t("recordings.noneText")} />
      ) : (
        <Table<Recording>
          rowKey="id"
          size="small"
          loading={isPending}
          locale={{ emptyText: " " }}
          dataSource={data}
          pagination={{ pageSize: 10, hideOnSinglePage: true }}
          columns={[
            {
              title: t("recordings.feed"),
              render: (_, { id, feed, segment }) => (
                <a href={`/api/cases/${encodeURIComponent(caseId)}/recordings/${encodeURIComponent(id)}/content`}>
                  {feed} · {segment}
                </a>
              ),
            },
            { title: t("recordings.startedAt"), render: (_, { started_at }) => formatDateTime(started_at) },
            { title: t("recordings.duration"), align: "right", render: (_, r) => `${r.duration_s.toFixed(0)} s` },
            {
              title: t("recordings.size"),
              align: "right",
              render: (_, r) => `${(r.size / BYTES_PER_MEGABYTE).toFixed(1)} MB`,
            },
            {
              title: "SHA-256",
              render: (_, { sha256 }) => <code title={sha256}>{sha256.slice(0, 12)}…</code>,
            },
          ]}
          scroll={{ x: "max-content" }}
        />
      )}
    </Panel>
  );
}
