import type { ListedCase } from "@tongtai/api-client";
import { Table, type TableColumnType } from "antd";
import type { KeyboardEvent } from "react";
import { useNavigate } from "react-router-dom";

import { useCaseColumns } from "./columns";
import type { ColumnName, Sorting } from "./listQuery";

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

interface CaseTableProps {
  readonly cases: readonly ListedCase[];
  readonly loading: boolean;
  readonly columns: readonly ColumnName[];
  readonly sort: Sorting;
  readonly onSort: (sort: Sorting) => void;
}

export function CaseTable({ cases, loading, columns, sort, onSort }: CaseTableProps) {
  const known = useCaseColumns();
  const navigate = useNavigate();
  return (
    <Table<ListedCase>
      rowKey="id"
      size="small"
      columns={columns.map((name): TableColumnType<ListedCase> => {
        const { title, width, text, order = text, cell = text } = known[name];
        return {
          key: name,
          title,
          width,
          ellipsis: true,
          sorter: (a, b) => order(a).localeCompare(order(b)),
          sortOrder: sort.column === name ? (sort.descending ? "descend" : "ascend") : null,
          render: (_, row) => cell(row),
        };
      })}
      dataSource={[...cases]}
      loading={loading}
      locale={{ emptyText: " " }}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      scroll={{ x: columns.reduce((sum, name) => sum + known[name].width, 0) }}
      onChange={(_page, _filters, sorted) => {
        const { columnKey, order } = [sorted].flat()[0] ?? {};
        // The third click of Ant Design takes the order away: then the other direction comes again.
        const column = columns.find((name) => name === columnKey) ?? sort.column;
        onSort({ column, descending: order ? order === "descend" : !sort.descending });
      }}
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
