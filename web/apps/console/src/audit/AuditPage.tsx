import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { type AuditEntry, auditApi } from "@tongtai/api-client";
import { EmptyState, ErrorState, StateMark } from "@tongtai/ui";
import { Button, Input, Table, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router-dom";

import { useErrorText } from "../shell/errors";
import { formatDateTime } from "../shell/preferences";
import { VerificationResult } from "./VerificationResult";

function useColumns(): TableColumnsType<AuditEntry> {
  const { t, i18n } = useTranslation();
  // A tag that this page does not know yet is shown as it is, never hidden.
  const actionText = (action: string) => {
    const key = `auditAction.${action.replaceAll(":", "_")}`;
    return i18n.exists(key, { ns: "shell" }) ? t(key) : action;
  };
  return [
    { title: t("audit.seq"), dataIndex: "seq", width: 90, align: "right" },
    { title: t("audit.at"), width: 160, render: (_, { at }) => formatDateTime(at) },
    {
      title: t("audit.actor"),
      width: 180,
      render: (_, e) => <span title={e.actor_id}>{e.actor_name || e.actor_id}</span>,
    },
    { title: t("audit.action"), width: 220, render: (_, e) => <span title={e.action}>{actionText(e.action)}</span> },
    {
      title: t("audit.outcome"),
      width: 110,
      render: (_, { outcome }) => (
        <StateMark level={outcome === "denied" ? "bad" : "good"}>
          {t(outcome === "denied" ? "audit.denied" : "audit.allowed")}
        </StateMark>
      ),
    },
    { title: t("audit.case"), dataIndex: "case_id", ellipsis: true },
    { title: t("audit.subject"), dataIndex: "subject", ellipsis: true },
    {
      title: t("audit.hash"),
      width: 150,
      render: (_, { hash }) => <code title={hash}>{hash.slice(0, 12)}…</code>,
    },
  ];
}

export default function AuditPage() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const columns = useColumns();
  const [search, setSearch] = useSearchParams();
  const caseId = search.get("case") ?? "";
  const actor = search.get("actor") ?? "";
  const verify = useMutation({ mutationFn: auditApi.verify });
  const log = useInfiniteQuery({
    queryKey: ["audit", caseId, actor],
    queryFn: ({ pageParam }) =>
      auditApi.page({ before: pageParam, case_id: caseId || undefined, actor: actor || undefined }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => last.next_before ?? undefined,
  });
  const entries = log.data?.pages.flatMap((page) => page.entries) ?? [];
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value.trim() === "") next.delete(name);
    else next.set(name, value.trim());
    setSearch(next, { replace: true });
  };
  return (
    <div className="page-stack">
      <div className="page-head" style={{ marginBottom: 0 }}>
        <h1>{t("audit.title")}</h1>
        <div className="page-head__end">
          <Button
            type="primary"
            loading={verify.isPending}
            onClick={() => {
              verify.mutate();
            }}
          >
            {t("audit.verify")}
          </Button>
        </div>
      </div>
      {verify.isError && <ErrorState title={t("error.title")} text={errorText(verify.error)} />}
      {verify.data !== undefined && <VerificationResult result={verify.data} />}
      <div className="page-filters" role="search" style={{ marginBottom: 0 }}>
        <Input.Search
          allowClear
          defaultValue={caseId}
          placeholder={t("audit.filterCase")}
          aria-label={t("audit.filterCase")}
          style={{ width: 320 }}
          onSearch={(value) => {
            set("case", value);
          }}
        />
        <Input.Search
          allowClear
          defaultValue={actor}
          placeholder={t("audit.filterActor")}
          aria-label={t("audit.filterActor")}
          style={{ width: 320 }}
          onSearch={(value) => {
            set("actor", value);
          }}
        />
      </div>
      {log.isError ? (
        <ErrorState title={t("error.title")} text={errorText(log.error)} />
      ) : !log.isPending && entries.length === 0 ? (
        <EmptyState title={t("audit.none")} text={t("audit.noneText")} />
      ) : (
        <Table<AuditEntry>
          rowKey="seq"
          size="small"
          columns={columns}
          dataSource={entries}
          loading={log.isPending}
          locale={{ emptyText: " " }}
          pagination={false}
          scroll={{ x: 1200 }}
          expandable={{
            expandedRowRender: ({ values }) => <code>{JSON.stringify(values)}</code>,
            rowExpandable: ({ values }) => Object.keys(values).length > 0,
          }}
        />
      )}
      {log.hasNextPage && (
        <Button loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {t("audit.more")}
        </Button>
      )}
    </div>
  );
}
