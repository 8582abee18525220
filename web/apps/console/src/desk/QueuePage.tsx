import { useQuery } from "@tanstack/react-query";
import { type QueueChoice, type QueuedCase, type QueueOrder, workflowApi } from "@tongtai/api-client";
import { EmptyState, ErrorState, Panel, StateMark } from "@tongtai/ui";
import { Button, Checkbox, Input, type InputRef, Progress, Select, Table, type TableColumnType } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router-dom";

import { PatientLine, TechniqueMark } from "../cases/marks";
import { withChoice } from "../cases/listQuery";
import { useFormWords } from "../intake/words";
import { useErrorText } from "../shell/errors";
import { useHotkey } from "../shell/hotkeys";
import { formatDateTime, useLocalName } from "../shell/preferences";
import { useWords } from "../workflow/words";
import { DueMark } from "./DueMark";
import { PrintButton } from "./PrintButton";
import { FIRST_STATES, ORDERS, PAGE, readChoice } from "./queueChoice";
import { moveOverRows } from "./rows";
import { SavedViews } from "./SavedViews";

import "./desk.css";

const LOOK_AGAIN_MS = 20_000;
const MISSING_SHOWN = 3;

/** Every state of the catalogue but the last: of what is archived nobody waits for anything. */
function useStates(): readonly string[] {
  const { data } = useQuery({
    queryKey: ["workflow-catalogue"],
    queryFn: workflowApi.catalogue,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (data?.states ?? []).map(({ code }) => code).filter((code) => code !== "archived");
}

function Completeness({ row }: { readonly row: QueuedCase }) {
  const { t } = useTranslation("desk");
  const { itemName } = useFormWords();
  const shown = row.missing.slice(0, MISSING_SHOWN).map(itemName);
  const rest = row.missing.length - shown.length;
  return (
    <div className="desk-complete">
      <span>
        {row.present}/{row.total}
      </span>
      <Progress percent={Math.floor((row.present / Math.max(row.total, 1)) * 100)} showInfo={false} size="small" />
      <span className="shell-dim desk-missing" title={row.missing.map(itemName).join("、")}>
        {row.missing.length === 0
          ? t("complete")
          : `${t("missing")} ${shown.join("、")}${rest > 0 ? t("andMore", { count: rest }) : ""}`}
      </span>
    </div>
  );
}

/** Columns whose head sorts: the server has these orders, over all pages. */
function sorts(order: QueueOrder, choice: QueueChoice): TableColumnType<QueuedCase> {
  const sortOrder = choice.descending === true ? "descend" : "ascend";
  return {
    key: order,
    sorter: true,
    sortDirections: ["ascend", "descend", "ascend"],
    sortOrder: choice.order === order ? sortOrder : null,
  };
}

function useColumns(choice: QueueChoice): TableColumnType<QueuedCase>[] {
  const { t } = useTranslation("desk");
  const { t: word } = useTranslation();
  const { named } = useWords();
  const localName = useLocalName();
  return [
    {
      title: word("case.number"),
      width: 130,
      ...sorts("number", choice),
      render: (_: unknown, { case_id, number, urgent }: QueuedCase) => (
        <>
          <Link to={`/cases/${case_id}`} tabIndex={-1}>
            {number}
          </Link>
          {urgent && <StateMark level="bad">{t("urgent")}</StateMark>}
        </>
      ),
    },
    {
      title: word("case.state"),
      width: 160,
      render: (_: unknown, { state, returns }: QueuedCase) => (
        <>
          {named("states", state)}
          {returns > 0 && <span className="shell-dim"> {t("returned", { count: returns })}</span>}
        </>
      ),
    },
    {
      title: t("dueBy"),
      width: 140,
      render: (_: unknown, row: QueuedCase) => <DueMark dueAt={row.due_at} timer={row.timer} />,
    },
    {
      title: t("material"),
      width: 340,
      render: (_: unknown, row: QueuedCase) => <Completeness row={row} />,
    },
    {
      title: word("case.patient"),
      width: 160,
      render: (_: unknown, { patient }: QueuedCase) => <PatientLine patient={patient} />,
    },
    {
      title: word("case.technique"),
      width: 100,
      render: (_: unknown, { technique }: QueuedCase) => <TechniqueMark technique={technique} />,
    },
    { title: t("hospital"), width: 130, render: (_: unknown, { inviting }: QueuedCase) => localName(inviting) },
    {
      title: t("operation"),
      width: 140,
      ...sorts("scheduled", choice),
      render: (_: unknown, { scheduled_at }: QueuedCase) => formatDateTime(scheduled_at),
    },
    {
      title: t("waitingSince"),
      width: 140,
      ...sorts("waiting", choice),
      render: (_: unknown, { entered_at }: QueuedCase) => formatDateTime(entered_at),
    },
  ];
}

/** The coordinator's table: thirty referrals a day, urgent ones on top. */
export default function QueuePage() {
  const { t } = useTranslation("desk");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const { named } = useWords();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const states = useStates();
  const choice = readChoice(search, states);
  const columns = useColumns(choice);
  const searchBox = useRef<InputRef>(null);
  useHotkey("/", () => searchBox.current?.focus());
  const queue = useQuery({
    queryKey: ["queue", choice],
    queryFn: () => workflowApi.queue(choice),
    enabled: states.length > 0,
    placeholderData: (previous) => previous,
    refetchInterval: LOOK_AGAIN_MS,
  });
  const set = (name: string, value: string) => {
    setSearch((previous) => withChoice(withChoice(previous, "page", ""), name, value), { replace: true });
  };
  const open = ({ case_id }: QueuedCase) => void navigate(`/cases/${case_id}?tab=intake`);
  const rows = queue.data?.cases ?? [];
  return (
    <>
      <div className="page-head">
        <h1>{t("queue")}</h1>
        {queue.data !== undefined && <span className="shell-dim">{t("queueCount", { count: queue.data.total })}</span>}
        <div className="page-head__end tt-no-print">
          <SavedViews search={search} onView={(view) => setSearch(view)} />
          <PrintButton />
        </div>
      </div>
      <div className="page-filters tt-no-print" role="search">
        <Input.Search
          ref={searchBox}
          key={choice.q}
          allowClear
          defaultValue={choice.q}
          placeholder={word("cases.search")}
          aria-label={word("cases.search")}
          aria-keyshortcuts="/"
          className="desk-search"
          onSearch={(value) => {
            set("q", value.trim());
          }}
        />
        <Select<string[]>
          mode="multiple"
          className="desk-states"
          value={choice.state ?? []}
          aria-label={word("case.state")}
          data-testid="queue-states"
          maxTagCount="responsive"
          options={states.map((state) => ({ value: state, label: named("states", state) }))}
          onChange={(chosen) => {
            set("state", chosen.join(",") === FIRST_STATES.join(",") ? "" : chosen.join(",") || "none");
          }}
        />
        <Select
          value={choice.technique ?? ""}
          aria-label={word("case.technique")}
          className="desk-select"
          options={["", "rfa", "mwa", "seeds"].map((value) => ({
            value,
            label: word(value === "" ? "cases.allTechniques" : `technique.${value}`),
          }))}
          onChange={(value) => {
            set("technique", value);
          }}
        />
        <Select
          value={choice.order ?? "waiting"}
          aria-label={t("order")}
          className="desk-select"
          options={ORDERS.map((value) => ({ value, label: t(`orders.${value}`) }))}
          onChange={(value) => {
            set("order", value === "waiting" ? "" : value);
          }}
        />
        <Checkbox
          checked={choice.descending === true}
          onChange={({ target }) => {
            set("descending", target.checked ? "1" : "");
          }}
        >
          {t("descending")}
        </Checkbox>
        <Checkbox
          checked={choice.urgent === true}
          onChange={({ target }) => {
            set("urgent", target.checked ? "1" : "");
          }}
        >
          {t("onlyUrgent")}
        </Checkbox>
      </div>
      {queue.isError ? (
        <ErrorState
          title={word("error.title")}
          text={errorText(queue.error)}
          action={<Button onClick={() => void queue.refetch()}>{word("retry")}</Button>}
        />
      ) : !queue.isPending && rows.length === 0 ? (
        <EmptyState title={t("queueEmpty")} text={t("queueEmptyText")} />
      ) : (
        <Panel flush>
          <Table<QueuedCase>
            rowKey="case_id"
            size="small"
            loading={queue.isPending}
            columns={columns}
            dataSource={rows}
            scroll={{ x: 1400 }}
            locale={{ emptyText: " " }}
            onChange={(_page, _filters, sorted, { action }) => {
              const { columnKey, order } = [sorted].flat()[0] ?? {};
              const by = ORDERS.find((known) => known === columnKey);
              if (action !== "sort" || by === undefined) return;
              setSearch(
                (previous) =>
                  withChoice(
                    withChoice(withChoice(previous, "page", ""), "order", by === "waiting" ? "" : by),
                    "descending",
                    order === "descend" ? "1" : "",
                  ),
                { replace: true },
              );
            }}
            pagination={{
              current: (choice.offset ?? 0) / PAGE + 1,
              pageSize: PAGE,
              total: queue.data?.total ?? 0,
              hideOnSinglePage: true,
              showSizeChanger: false,
              onChange: (next) => {
                setSearch((previous) => withChoice(previous, "page", next === 1 ? "" : String(next)));
              },
            }}
            onRow={(row) => ({
              className: "row-link",
              tabIndex: 0,
              "data-testid": `queued-${row.number}`,
              onClick: () => {
                open(row);
              },
              onKeyDown: (event) => {
                if (event.key === "Enter") open(row);
                else moveOverRows(event);
              },
            })}
          />
        </Panel>
      )}
    </>
  );
}
