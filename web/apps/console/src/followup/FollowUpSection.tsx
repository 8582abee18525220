import { useQuery } from "@tanstack/react-query";
import { careApi, type CareTask, type Case, type FollowUp } from "@tongtai/api-client";
import { EmptyState, ErrorState, type Level, Panel, StateMark } from "@tongtai/ui";
import { Alert, Button, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { formatDateTime, usePersonName, usePreferences } from "../shell/preferences";
import { Waiting } from "../shell/Waiting";
import { AssessDialog } from "./AssessDialog";
import { AssessmentsPanel } from "./AssessmentsPanel";
import { ComplicationDialog, FinishDialog, OrderDialog, StatusDialog } from "./dialogs";

import "./followup.css";

const URGENCY: Readonly<Record<CareTask["urgency"], Level>> = {
  later: "off",
  due: "info",
  overdue: "warn",
  escalated: "bad",
};

type Dialog = "order" | "assess" | "complicate" | "status" | CareTask;

/** Everything after the operation: orders and tasks by date, assessments with the response, complications, the patient. */
export function FollowUpSection({ shown }: { readonly shown: Case }) {
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const [dialog, setDialog] = useState<Dialog>();
  const query = useQuery({ queryKey: ["follow-up", shown.id], queryFn: () => careApi.followUp(shown.id) });
  if (query.isPending) return <Waiting />;
  if (query.isError) {
    return (
      <ErrorState
        title={word("error.title")}
        text={errorText(query.error)}
        action={<Button onClick={() => void query.refetch()}>{word("retry")}</Button>}
      />
    );
  }
  const found = query.data;
  const mayWrite = shown.permissions.includes("care_write");
  const close = () => setDialog(undefined);
  return (
    <div className="page-stack">
      <Patient found={found} mayWrite={mayWrite} onTell={() => setDialog("status")} />
      <Tasks
        found={found}
        mayWrite={mayWrite}
        onOrder={() => setDialog("order")}
        onFinish={(task) => setDialog(task)}
      />
      <AssessmentsPanel found={found} onAssess={mayWrite ? () => setDialog("assess") : undefined} />
      <Complications found={found} onWrite={mayWrite ? () => setDialog("complicate") : undefined} />
      {dialog === "order" && <OrderDialog shown={shown} onClose={close} />}
      {dialog === "assess" && <AssessDialog shown={shown} found={found} onClose={close} />}
      {dialog === "complicate" && <ComplicationDialog shown={shown} onClose={close} />}
      {dialog === "status" && <StatusDialog shown={shown} onClose={close} />}
      {typeof dialog === "object" && <FinishDialog shown={shown} task={dialog} onClose={close} />}
    </div>
  );
}

const VITAL: Readonly<Record<FollowUp["statuses"][number]["vital"], Level>> = {
  alive: "good",
  dead: "bad",
  lost: "warn",
};

function Patient({
  found,
  mayWrite,
  onTell,
}: {
  readonly found: FollowUp;
  readonly mayWrite: boolean;
  onTell(): void;
}) {
  const { t } = useTranslation("clinical");
  const last = found.statuses.at(-1);
  return (
    <Panel
      title={t("care.patient")}
      actions={
        mayWrite ? (
          <Button data-testid="tell-status" onClick={onTell}>
            {t("care.tell")}
          </Button>
        ) : undefined
      }
    >
      <dl className="facts">
        <dt>{t("care.ended")}</dt>
        <dd>{found.ended_at === null ? t("care.notEnded") : formatDateTime(found.ended_at)}</dd>
        <dt>{t("care.status")}</dt>
        <dd>
          {last === undefined ? (
            <span className="shell-dim">{t("care.noStatus")}</span>
          ) : (
            <StateMark level={VITAL[last.vital]}>
              {t(`care.vital.${last.vital}`)} · {last.on} {last.note}
            </StateMark>
          )}
        </dd>
      </dl>
      {found.presumed_lost && <Alert type="warning" showIcon title={t("care.presumedLost")} />}
    </Panel>
  );
}

interface TasksProps {
  readonly found: FollowUp;
  readonly mayWrite: boolean;
  onOrder(): void;
  onFinish(task: CareTask): void;
}

function Tasks({ found, mayWrite, onOrder, onFinish }: TasksProps) {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const personName = usePersonName();
  const tasks = [...found.tasks].sort((a, b) => a.due_at.localeCompare(b.due_at));
  const order =
    mayWrite && found.ended_at === null ? (
      <Button type="primary" data-testid="order-care" onClick={onOrder}>
        {t("care.order")}
      </Button>
    ) : undefined;
  return (
    <Panel title={t("care.tasks")} actions={order} flush>
      {tasks.length === 0 ? (
        <EmptyState title={t("care.noTasks")} text={t("care.noTasksText")} />
      ) : (
        <Table<CareTask>
          rowKey="id"
          size="small"
          dataSource={tasks}
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
          scroll={{ x: "max-content" }}
          columns={[
            {
              title: t("care.due"),
              render: (_, task) =>
                task.state === "open" ? (
                  <StateMark level={URGENCY[task.urgency]}>
                    {formatDateTime(task.due_at)}
                    {task.urgency !== "later" && ` · ${t(`care.urgency.${task.urgency}`)}`}
                  </StateMark>
                ) : (
                  <StateMark level="good">{formatDateTime(task.due_at)}</StateMark>
                ),
            },
            {
              title: t("care.what"),
              render: (_, task) => <span className="care-text">{language === "en" ? task.text_en : task.text_zh}</span>,
            },
            { title: t("care.from"), render: (_, { origin }) => (origin === "order" ? t("care.orders") : origin) },
            {
              title: t("care.done"),
              render: (_, task) =>
                task.finished ? (
                  <span className="care-text">
                    {t(`care.taskState.${task.state}`)}：{task.result}
                    <br />
                    <span className="shell-dim">
                      {personName({ display_name: task.finished.name, display_name_en: task.finished.name_en })} ·{" "}
                      {formatDateTime(task.finished.at)}
                    </span>
                  </span>
                ) : (
                  mayWrite && (
                    <Button data-testid={`finish-${task.code}`} onClick={() => onFinish(task)}>
                      {t("care.finish")}
                    </Button>
                  )
                ),
            },
          ]}
        />
      )}
    </Panel>
  );
}

function Complications({ found, onWrite }: { readonly found: FollowUp; readonly onWrite?: () => void }) {
  const { t } = useTranslation("clinical");
  return (
    <Panel
      title={t("care.complications")}
      actions={onWrite && <Button onClick={onWrite}>{t("care.complicate")}</Button>}
    >
      {found.complications.length === 0 ? (
        <p className="shell-dim">{t("care.noComplications")}</p>
      ) : (
        <ul className="plain-list">
          {found.complications.map((each) => (
            <li key={each.id}>
              <StateMark level={found.severe.includes(each.id) ? "bad" : "warn"}>
                {t(`care.complication.${each.kind}`, { defaultValue: each.kind })} ·{" "}
                {t("care.grade", { grade: each.grade })} · {each.began_on}
                {found.severe.includes(each.id) && ` · ${t("care.severe")}`}
              </StateMark>{" "}
              {each.note}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
