import type { CaseSummary } from "@tongtai/api-client";
import { Table, type TableColumnsType } from "antd";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router-dom";

import { formatDateTime, useLocalName } from "../shell/preferences";
import { CaseStateMark, PatientLine, TechniqueMark } from "./marks";

/** Arrow keys walk over the rows, as in any list. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step === undefined) return;
  const rows = [...(event.currentTarget.parentElement?.querySelectorAll<HTMLElement>("tr.row-link") ?? [])];
  const next = rows[rows.indexOf(event.currentTarget) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function useColumns(): TableColumnsType<CaseSummary> {
  const { t } = useTranslation();
  const localName = useLocalName();
  return [
    {
      title: t("case.number"),
      dataIndex: "number",
      width: 120,
      sorter: (a, b) => a.number.localeCompare(b.number),
      render: (_, { id, number }) => (
        <Link to={`/cases/${id}`} tabIndex={-1}>
          {number}
        </Link>
      ),
    },
    {
      title: t("case.scheduledAt"),
      width: 160,
      defaultSortOrder: "descend",
      sorter: (a, b) => a.scheduled_at.localeCompare(b.scheduled_at),
      render: (_, { scheduled_at }) => formatDateTime(scheduled_at),
    },
    { title: t("case.state"), width: 130, render: (_, { state }) => <CaseStateMark state={state} /> },
    { title: t("case.technique"), width: 110, render: (_, { technique }) => <TechniqueMark technique={technique} /> },
    {
      title: t("case.patient"),
      width: 220,
      ellipsis: true,
      render: (_, { patient }) => <PatientLine patient={patient} />,
    },
    { title: t("case.lesion"), dataIndex: "lesion", ellipsis: true },
    {
      title: t("case.site"),
      width: 230,
      ellipsis: true,
      render: (_, { inviting, operating_room }) => `${localName(inviting)} · ${localName(operating_room)}`,
    },
    { title: t("case.centre"), width: 190, ellipsis: true, render: (_, { invited }) => localName(invited) },
  ];
}

export function CaseTable({ cases, loading }: { readonly cases: readonly CaseSummary[]; readonly loading: boolean }) {
  const columns = useColumns();
  const navigate = useNavigate();
  return (
    <Table<CaseSummary>
      rowKey="id"
      size="small"
      columns={columns}
      dataSource={[...cases]}
      loading={loading}
      locale={{ emptyText: " " }}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      scroll={{ x: 1280 }}
      onRow={({ id }) => ({
        className: "row-link",
        tabIndex: 0,
        onClick: () => void navigate(`/cases/${id}`),
        onKeyDown: (event) => {
          if (event.key === "Enter") void navigate(`/cases/${id}`);
          else moveFocus(event);
        },
      })}
    />
  );
}
