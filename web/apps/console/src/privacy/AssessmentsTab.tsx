import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ImpactAssessment, privacyApi, type PurposeChange } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Alert, App, Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ListPanel } from "../admin/ListPanel";
import { dayOf } from "../followup/days";
import { RecordFacts, useRecordForm } from "../forms/RecordFields";
import { FormDialog } from "../shell/FormDialog";
import { formatDateTime, usePreferences } from "../shell/preferences";
import { useMe } from "../shell/session";
import { Refusal } from "../workflow/Lacks";
import { AssessmentDialog } from "./AssessmentDialog";
import { isDeletable } from "./retention";

export const PRIVACY = ["privacy"] as const;
const usePrivacy = () => useQuery({ queryKey: PRIVACY, queryFn: privacyApi.get });

/** Whether the newest assessment is about what is done now; the deployment's check asks the same. */
function StandingNote() {
  const { t } = useTranslation("clinical");
  const { data } = usePrivacy();
  if (data === undefined) return null;
  return (
    <Alert
      showIcon
      data-testid="standing"
      type={data.standing === "current" ? "success" : "warning"}
      title={t(`privacy.standing.${data.standing}`)}
    />
  );
}

interface PurposeFields {
  readonly changed_on: string;
  readonly text: string;
}

function PurposeDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const queries = useQueryClient();
  const send = useMutation({
    mutationFn: privacyApi.changePurpose,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: PRIVACY });
      onClose();
    },
  });
  const missing = [{ required: true, message: word("form.missing") }];
  return (
    <FormDialog<PurposeFields>
      title={t("privacy.changePurpose")}
      okText={word("save")}
      initialValues={{ changed_on: dayOf(new Date()) }}
      busy={send.isPending}
      error={send.error}
      onSubmit={send.mutate}
      onClose={onClose}
    >
      <p>{t("privacy.changeText")}</p>
      <Form.Item name="changed_on" label={t("privacy.changedOn")} rules={missing}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="text" label={t("privacy.newPurpose")} rules={missing}>
        <Input.TextArea autoSize={{ minRows: 2 }} maxLength={5000} />
      </Form.Item>
    </FormDialog>
  );
}

/** When the purpose changed, as it was written down. */
function Purposes() {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const { data } = usePrivacy();
  const [asked, setAsked] = useState(false);
  const changes: readonly PurposeChange[] = data?.changes ?? [];
  return (
    <Panel
      title={t("privacy.purposes")}
      actions={
        <Button data-testid="change-purpose" onClick={() => setAsked(true)}>
          {t("privacy.changePurpose")}
        </Button>
      }
    >
      {changes.length === 0 ? (
        <p className="shell-dim">{t("privacy.noChange")}</p>
      ) : (
        <ul className="plain-list">
          {changes.map((change) => (
            <li key={change.id}>
              <strong>{change.changed_on}</strong> · {change.text} ·{" "}
              <span className="shell-dim">
                {language === "en" ? change.by.name_en : change.by.name}, {formatDateTime(change.recorded_at)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {asked && <PurposeDialog onClose={() => setAsked(false)} />}
    </Panel>
  );
}

/** One assessment in full, with the hash of its signed report. */
function Whole({ assessment }: { readonly assessment: ImpactAssessment }) {
  const { t } = useTranslation("clinical");
  const form = useRecordForm("impact_assessment");
  if (form === undefined) return null;
  return (
    <>
      <RecordFacts form={form} values={assessment.values} />
      {assessment.file_sha256 !== "" && (
        <p>
          {t("privacy.report")}: {assessment.file_name} · SHA-256 <code>{assessment.file_sha256}</code>
        </p>
      )}
    </>
  );
}

/** Impact assessments of one's institution: written by one, approved by another, kept for three years. */
export function AssessmentsTab() {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const { t: word } = useTranslation();
  const { modal } = App.useApp();
  const me = useMe();
  const queries = useQueryClient();
  const [edited, setEdited] = useState<ImpactAssessment | "new">();
  const query = useQuery({ queryKey: PRIVACY, queryFn: privacyApi.get, select: ({ assessments }) => assessments });
  const approve = useMutation({
    mutationFn: ({ id, version }: ImpactAssessment) => privacyApi.approve(id, version),
    onSettled: () => queries.invalidateQueries({ queryKey: PRIVACY }),
  });
  const remove = useMutation({
    mutationFn: ({ id }: ImpactAssessment) => privacyApi.remove(id),
    onSettled: () => queries.invalidateQueries({ queryKey: PRIVACY }),
  });
  const askToRemove = (one: ImpactAssessment) =>
    void modal.confirm({
      title: t("privacy.deleteTitle", { number: one.number }),
      content: t(one.approved_at === null ? "privacy.deleteDraft" : "privacy.deleteOld"),
      okText: t("privacy.delete"),
      okButtonProps: { danger: true },
      cancelText: word("cancel"),
      onOk: () => remove.mutate(one),
    });
  const name = (by: ImpactAssessment["author"]) => (language === "en" ? by.name_en : by.name);
  return (
    <div className="page-stack">
      <StandingNote />
      <Refusal error={approve.error ?? remove.error} />
      <ListPanel<ImpactAssessment>
        title={t("privacy.assessments")}
        query={query}
        empty={t("privacy.none")}
        addLabel={t("privacy.begin")}
        onAdd={() => setEdited("new")}
        expandedRow={(assessment) => <Whole assessment={assessment} />}
        columns={[
          { title: t("privacy.number"), dataIndex: "number" },
          {
            title: t("privacy.state"),
            render: (_, { approved_at }) => (
              <StateMark level={approved_at === null ? "warn" : "good"}>
                {t(approved_at === null ? "privacy.draft" : "privacy.approved")}
              </StateMark>
            ),
          },
          {
            title: t("privacy.author"),
            render: (_, { author, made_at }) => `${name(author)} · ${formatDateTime(made_at)}`,
          },
          {
            title: t("privacy.approver"),
            render: (_, { approver, approved_at }) =>
              approver === null || approved_at === null ? "–" : `${name(approver)} · ${formatDateTime(approved_at)}`,
          },
          { title: t("privacy.keptUntil"), render: (_, { kept_until }) => kept_until ?? "–" },
          {
            title: "",
            render: (_, one) => (
              <div className="row-acts">
                {one.approved_at === null && (
                  <>
                    <Button onClick={() => setEdited(one)}>{t("privacy.edit")}</Button>
                    <Button
                      type="primary"
                      disabled={one.author.user_id === me.user.id}
                      title={one.author.user_id === me.user.id ? t("privacy.other") : undefined}
                      data-testid={`approve-${one.number}`}
                      onClick={() => approve.mutate(one)}
                    >
                      {t("privacy.approve")}
                    </Button>
                  </>
                )}
                {isDeletable(one, dayOf(new Date())) && (
                  <Button danger data-testid={`delete-${one.number}`} onClick={() => askToRemove(one)}>
                    {t("privacy.delete")}
                  </Button>
                )}
              </div>
            ),
          },
        ]}
      >
        {edited !== undefined && (
          <AssessmentDialog known={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />
        )}
      </ListPanel>
      <Purposes />
    </div>
  );
}
