import type { UseQueryResult } from "@tanstack/react-query";
import { EmptyState, ErrorState, Panel } from "@tongtai/ui";
import { Button, Table, type TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";

interface ListPanelProps<T> {
  readonly title: string;
  readonly query: UseQueryResult<T[]>;
  readonly columns: TableColumnsType<T>;
  readonly empty: string;
  readonly addLabel?: string;
  /** What a row shows when it is opened. */
  expandedRow?(one: T): ReactNode;
  onAdd?(): void;
  readonly children?: ReactNode;
}

/** A list of administration: its state honest, its one primary button at the same place in each tab. */
export function ListPanel<T extends { readonly id: string }>(props: ListPanelProps<T>) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { query, onAdd } = props;
  const add = onAdd && (
    <Button type="primary" data-testid="list-add" onClick={onAdd}>
      {props.addLabel}
    </Button>
  );
  return (
    <Panel title={props.title} actions={add} flush>
      {query.isError ? (
        <ErrorState
          title={t("error.title")}
          text={errorText(query.error)}
          action={<Button onClick={() => void query.refetch()}>{t("retry")}</Button>}
        />
      ) : query.data?.length === 0 ? (
        <EmptyState title={props.empty} />
      ) : (
        <Table<T>
          rowKey="id"
          size="small"
          columns={props.columns}
          dataSource={query.data}
          loading={query.isPending}
          locale={{ emptyText: " " }}
          pagination={{ pageSize: 50, hideOnSinglePage: true }}
          scroll={{ x: "max-content" }}
          expandable={props.expandedRow && { expandedRowRender: props.expandedRow }}
        />
      )}
      {props.children}
    </Panel>
  );
}
