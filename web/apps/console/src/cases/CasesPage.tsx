import { useQuery } from "@tanstack/react-query";
import { casesApi } from "@tongtai/api-client";
import { EmptyState, ErrorState } from "@tongtai/ui";
import { Button, Input, type InputRef, Segmented, Select } from "antd";
import { Download } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router-dom";

import { useErrorText } from "../shell/errors";
import { useHotkey } from "../shell/hotkeys";
import { useMe } from "../shell/session";
import { CaseTable } from "./CaseTable";
import { useCaseColumns } from "./columns";
import { csvOf, download } from "./csv";
import {
  COLUMNS,
  type ColumnName,
  columnsText,
  readListQuery,
  sortText,
  STATES,
  TECHNIQUES,
  withChoice,
} from "./listQuery";

const REFRESH_MS = 15_000;

function useListQuery() {
  const [search, setSearch] = useSearchParams();
  const set = (name: string, value: string) => {
    setSearch((previous) => withChoice(previous, name, value), { replace: true });
  };
  return { ...readListQuery(search), set };
}

export default function CasesPage() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { permissions, institution } = useMe();
  const { state, technique, q, columns, sort, set } = useListQuery();
  const known = useCaseColumns();
  const searchBox = useRef<InputRef>(null);
  useHotkey("/", () => searchBox.current?.focus());
  const cases = useQuery({
    queryKey: ["cases", state, q],
    queryFn: () => casesApi.list({ state, q }),
    placeholderData: (previous) => previous,
    refetchInterval: REFRESH_MS,
  });
  const mayCreate = permissions.includes("case_write") && institution.kind === "inviting";
  const filtered = state !== undefined || technique !== undefined || q !== "";
  const shown = (cases.data ?? []).filter((row) => technique === undefined || row.technique === technique);
  const exportCsv = () => {
    const { text: by, order = by } = known[sort.column];
    const rows = shown.toSorted((a, b) => order(a).localeCompare(order(b)) * (sort.descending ? -1 : 1));
    const head = columns.map((name) => known[name].title);
    const content = csvOf([head, ...rows.map((row) => columns.map((name) => known[name].text(row)))]);
    download(
      `${t("cases.exportName")}-${new Date().toISOString().slice(0, 10)}.csv`,
      content,
      "text/csv;charset=utf-8",
    );
  };
  return (
    <>
      <div className="page-head">
        <h1>{t("cases.title")}</h1>
        {cases.data !== undefined && <span className="shell-dim">{t("cases.count", { count: shown.length })}</span>}
        {mayCreate && (
          <div className="page-head__end">
            <Link to="/cases/new">
              <Button type="primary" tabIndex={-1}>
                {t("cases.new")}
              </Button>
            </Link>
          </div>
        )}
      </div>
      <div className="page-filters" role="search">
        <Input.Search
          ref={searchBox}
          allowClear
          defaultValue={q}
          placeholder={t("cases.search")}
          aria-label={t("cases.search")}
          aria-keyshortcuts="/"
          style={{ width: 360 }}
          onSearch={(value) => {
            set("q", value.trim());
          }}
        />
        <Segmented
          value={state ?? ""}
          aria-label={t("cases.state")}
          options={["", ...STATES].map((value) => ({
            value,
            label: t(value === "" ? "cases.allStates" : `state.${value}`),
          }))}
          onChange={(value) => {
            set("state", value);
          }}
        />
        <Select
          value={technique ?? ""}
          aria-label={t("case.technique")}
          style={{ minWidth: 140 }}
          options={["", ...TECHNIQUES].map((value) => ({
            value,
            label: t(value === "" ? "cases.allTechniques" : `technique.${value}`),
          }))}
          onChange={(value) => {
            set("technique", value);
          }}
        />
        <Select<ColumnName[]>
          mode="multiple"
          value={[...columns]}
          aria-label={t("cases.columns")}
          data-testid="case-columns"
          style={{ minWidth: 140 }}
          prefix={t("cases.columns")}
          maxTagCount={0}
          maxTagPlaceholder={`${columns.length}/${COLUMNS.length}`}
          showSearch={false}
          options={COLUMNS.map((name) => ({ value: name, label: known[name].title, disabled: name === "number" }))}
          onChange={(names) => {
            set("columns", columnsText(COLUMNS.filter((name) => names.includes(name))));
          }}
        />
        <Button icon={<Download size={16} aria-hidden="true" />} disabled={shown.length === 0} onClick={exportCsv}>
          {t("cases.export")}
        </Button>
      </div>
      {cases.isError ? (
        <ErrorState
          title={t("error.title")}
          text={errorText(cases.error)}
          action={<Button onClick={() => void cases.refetch()}>{t("retry")}</Button>}
        />
      ) : !cases.isPending && shown.length === 0 ? (
        <EmptyState
          title={t(filtered ? "cases.noneFound" : "cases.none")}
          text={t(filtered ? "cases.noneFoundText" : mayCreate ? "cases.noneTextSite" : "cases.noneText")}
        />
      ) : (
        <CaseTable
          cases={shown}
          loading={cases.isPending}
          columns={columns}
          sort={sort}
          onSort={(next) => {
            set("sort", sortText(next));
          }}
        />
      )}
    </>
  );
}
