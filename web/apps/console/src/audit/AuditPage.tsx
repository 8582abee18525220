import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { type AuditEntry, auditApi } from "@tongtai/api-client";
import { EmptyState, ErrorState, StateMark } from "@tongtai/ui";
import { Button, Table, type TableColumnsType } from "antd";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router-dom";

import { csvOf, download } from "../cases/csv";
import { useErrorText } from "../shell/errors";
import { formatDateTime } from "../shell/preferences";
import { AuditFilters } from "./AuditFilters";
import { filtersOf } from "./filters";
import { VerificationResult } from "./VerificationResult";

function useActionText(): (action: string) => string {
  const { t, i18n } = useTranslation();
  // A tag that this page does not know yet is shown as it is, never hidden.
  return (action) => {
    const key = `auditAction.${action.replaceAll(":", "_")}`;
    return i18n.exists(key, { ns: "shell" }) ? t(key) : action;
  };
}

function useColumns(): TableColumnsType<AuditEntry> {
  const { t } = useTranslation();
  const actionText = useActionText();
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
    {
      title: t("audit.case"),
      width: 130,
      // Another hospital's case, upon which somebody of ours made an attempt, has an identifier only.
      render: (_, e) => <span title={e.case_id ?? undefined}>{e.case_number ?? e.case_id}</span>,
    },
    {
      title: t("audit.subject"),
      ellipsis: true,
      render: (_, e) => <span title={e.subject}>{e.subject_name ?? e.subject}</span>,
    },
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
  const actionText = useActionText();
  const [search, setSearch] = useSearchParams();
  const filters = filtersOf(search);
  const verify = useMutation({ mutationFn: auditApi.verify });
  const log = useInfiniteQuery({
    queryKey: ["audit", filters],
    queryFn: ({ pageParam }) => auditApi.page({ ...filters, before: pageParam }),
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
  const exportCsv = () => {
    const head = ["seq", "at", "actor", "action", "outcome", "case", "subject", "hash"] as const;
    const rows = entries.map((e) => [
      ...[String(e.seq), e.at, e.actor_name || e.actor_id, actionText(e.action)],
      ...[t(`audit.${e.outcome === "denied" ? "denied" : "allowed"}`), e.case_number ?? e.case_id ?? ""],
      ...[e.subject_name ?? e.subject, e.hash],
    ]);
    const content = csvOf([head.map((name) => t(`audit.${name}`)), ...rows]);
    download(`audit-${new Date().toISOString().slice(0, 10)}.csv`, content, "text/csv;charset=utf-8");
  };
  return (
    <div className="page-stack">
      <div className="page-head" style={{ marginBottom: 0 }}>
        <h1>{t("audit.title")}</h1>
        <div className="page-head__end">
          <Button icon={<Download size={16} aria-hidden="true" />} disabled={entries.length === 0} onClick={exportCsv}>
            {t("audit.export")}
          </Button>
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
      <AuditFilters search={search} set={set} />
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
