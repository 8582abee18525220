import { useQuery } from "@tanstack/react-query";
import { type DeskTask, type Reminder, workflowApi } from "@tongtai/api-client";
import { EmptyState, ErrorState, Panel, StateMark } from "@tongtai/ui";
import { Button, Table } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router-dom";

import { patientText, PatientLine, TechniqueMark } from "../cases/marks";
import { useWaitingDocuments } from "../documents/queries";
import { MyFindings } from "../quality/MyFindings";
import { useErrorText } from "../shell/errors";
import { formatDateTime, useLocalName, usePersonName, usePreferences } from "../shell/preferences";
import { useMe } from "../shell/session";
import { useWords } from "../workflow/words";
import { DueMark } from "./DueMark";
import { NoticeList } from "./NoticeList";
import { PrintButton } from "./PrintButton";
import { moveOverRows } from "./rows";

import "./desk.css";

const LOOK_AGAIN_MS = 20_000;

export const useTasks = () =>
  useQuery({ queryKey: ["tasks"], queryFn: workflowApi.tasks, refetchInterval: LOOK_AGAIN_MS });

function TaskTable({ tasks, loading }: { readonly tasks: readonly DeskTask[]; readonly loading: boolean }) {
  const { t } = useTranslation("desk");
  const { t: word } = useTranslation();
  const { named } = useWords();
  const localName = useLocalName();
  const navigate = useNavigate();
  const open = ({ case_id }: DeskTask) => void navigate(`/cases/${case_id}`);
  return (
    <Table<DeskTask>
      rowKey="case_id"
      size="small"
      loading={loading}
      dataSource={[...tasks]}
      locale={{ emptyText: " " }}
      pagination={false}
      scroll={{ x: 1000 }}
      onRow={(task) => ({
        className: "row-link",
        tabIndex: 0,
        "data-testid": `task-${task.number}`,
        onClick: () => {
          open(task);
        },
        onKeyDown: (event) => {
          if (event.key === "Enter") open(task);
          else moveOverRows(event);
        },
      })}
      columns={[
        {
          title: t("todo"),
          width: 260,
          render: (_, { acts, statements }) => (
            <strong>
              {[...statements.map((kind) => named("statements", kind)), ...acts.map((act) => named("acts", act))].join(
                " / ",
              )}
            </strong>
          ),
        },
        { title: t("dueBy"), width: 150, render: (_, task) => <DueMark dueAt={task.due_at} timer={task.timer} /> },
        {
          title: word("case.number"),
          width: 120,
          render: (_, { case_id, number }) => (
            <Link to={`/cases/${case_id}`} tabIndex={-1}>
              {number}
            </Link>
          ),
        },
        {
          title: word("case.state"),
          width: 170,
          render: (_, { state, urgent }) => (
            <>
              {named("states", state)} {urgent && <StateMark level="bad">{t("urgent")}</StateMark>}
            </>
          ),
        },
        { title: word("case.patient"), width: 180, render: (_, { patient }) => <PatientLine patient={patient} /> },
        {
          title: word("case.technique"),
          width: 110,
          render: (_, { technique }) => <TechniqueMark technique={technique} />,
        },
        { title: t("hospital"), width: 150, render: (_, { inviting }) => localName(inviting) },
        { title: t("waitingSince"), width: 150, render: (_, { entered_at }) => formatDateTime(entered_at) },
      ]}
    />
  );
}

function Papers() {
  const { t } = useTranslation("desk");
  const { t: paper } = useTranslation("documents");
  const { data } = useWaitingDocuments();
  if (data === undefined || data.length === 0) return null;
  return (
    <Panel title={t("toSign")}>
      <ul className="desk-list">
        {data.map((document) => (
          <li key={document.id}>
            <Link to={`/cases/${document.case_id}`}>
              {paper(`kind.${document.kind}`)} {paper("version", { version: document.version })}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function FollowUps() {
  const { t } = useTranslation("desk");
  const { t: word } = useTranslation();
  const { language } = usePreferences();
  const { data } = useQuery({ queryKey: ["reminders"], queryFn: workflowApi.reminders });
  const reminders: readonly Reminder[] = data?.reminders ?? [];
  if (reminders.length === 0) return null;
  return (
    <Panel title={t("followUps")}>
      <ul className="desk-list">
        {reminders.map(({ case_number, patient, task }) => (
          <li key={task.id}>
            <DueMark dueAt={task.due_at} timer="" />
            <Link to={`/cases/${task.case_id}?tab=followUp`}>{language === "en" ? task.text_en : task.text_zh}</Link>
            <span className="shell-dim">
              {case_number} {patientText(patient, word)}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Where a day begins: what waits for me, by when, and what I was called for. */
export default function TasksPage() {
  const { t } = useTranslation("desk");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const me = useMe();
  const personName = usePersonName();
  const tasks = useTasks();
  const list = tasks.data ?? [];
  return (
    <>
      <div className="page-head">
        <h1>{t("tasks")}</h1>
        {tasks.data !== undefined && (
          <span className="shell-dim">{t("taskCount", { count: list.length, name: personName(me.user) })}</span>
        )}
        <div className="page-head__end">
          <PrintButton />
        </div>
      </div>
      <div className="page-stack">
        {tasks.isError ? (
          <ErrorState
            title={word("error.title")}
            text={errorText(tasks.error)}
            action={<Button onClick={() => void tasks.refetch()}>{word("retry")}</Button>}
          />
        ) : !tasks.isPending && list.length === 0 ? (
          <Panel>
            <EmptyState
              title={t("noTasks")}
              text={t("noTasksText")}
              action={<Link to="/cases">{word("case.toList")}</Link>}
            />
          </Panel>
        ) : (
          <Panel flush>
            <TaskTable tasks={list} loading={tasks.isPending} />
          </Panel>
        )}
        <NoticeList />
        <Papers />
        <FollowUps />
        <MyFindings />
      </div>
    </>
  );
}
