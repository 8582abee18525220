import { useMutation } from "@tanstack/react-query";
import { type Case, type Meeting, meetingsApi, type Verdict } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Alert, Button, Form, Input, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormDraft, useTextDraft } from "../shell/drafts";
import { FormDialog } from "../shell/FormDialog";
import { formatDateTime } from "../shell/preferences";
import { useMe } from "../shell/session";
import { SignDialog } from "../signing/SignDialog";
import { Refusal } from "../workflow/Lacks";
import { useCaseNaming, useWords } from "../workflow/words";
import { MinutesButton } from "./MinutesButton";
import { useTakeMeeting } from "./queries";
import { hasSigned, majority, mayChair, sitsIn, voteOf } from "./rights";

interface MeetingProps {
  readonly shown: Case;
  readonly meeting: Meeting;
}

/** One's own vote with its reason; it can be changed until the chair has stated the conclusion. */
export function VoteForm({ shown, meeting }: MeetingProps) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const { choices } = useWords();
  const me = useMe();
  const take = useTakeMeeting(shown.id);
  const before = voteOf(meeting, me.user.id);
  const [draft, setDraft] = useTextDraft("vote", meeting.id);
  const vote = useMutation({
    mutationFn: (fields: { verdict: Verdict; reason: string }) => meetingsApi.vote(shown.id, meeting.id, fields),
    onSuccess: async (after) => {
      setDraft("");
      await take(after);
    },
  });
  if (!sitsIn(meeting, me.user.id)) return null;
  if (meeting.conclusion !== null) {
    return (
      <Alert
        type="info"
        showIcon
        title={t("meeting.late", { at: formatDateTime(meeting.conclusion.decided_at) })}
        data-testid="late-vote"
      />
    );
  }
  const missing = [{ required: true, message: word("form.missing") }];
  return (
    <Panel title={t(before ? "meeting.changeVote" : "meeting.vote")}>
      <Form<{ verdict: Verdict; reason: string }>
        layout="vertical"
        requiredMark={false}
        initialValues={{ verdict: before?.verdict, reason: draft || before?.reason }}
        onValuesChange={(_, all) => setDraft(all.reason)}
        onFinish={vote.mutate}
      >
        <Form.Item name="verdict" label={t("meeting.verdict")} rules={missing}>
          <Radio.Group optionType="button" options={choices("verdict")} />
        </Form.Item>
        <Form.Item name="reason" label={t("meeting.reason")} rules={missing}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
        <Refusal error={vote.error} />
        <Button type="primary" htmlType="submit" loading={vote.isPending} data-testid="cast-vote">
          {t(before ? "meeting.changeVote" : "meeting.castVote")}
        </Button>
      </Form>
    </Panel>
  );
}

/** What was decided and how it is to be done; who has signed; the minutes. */
export function ConclusionPanel({ shown, meeting }: MeetingProps) {
  const { t } = useTranslation("clinical");
  const { word } = useWords();
  const me = useMe();
  const naming = useCaseNaming(shown);
  const take = useTakeMeeting(shown.id);
  const [concluding, setConcluding] = useState(false);
  const [signing, setSigning] = useState(false);
  const sign = useMutation({
    mutationFn: (password: string) => meetingsApi.sign(shown.id, meeting.id, password),
    onSuccess: async (after) => {
      await take(after);
      setSigning(false);
    },
  });
  const done = meeting.conclusion;
  const owes = done !== null && voteOf(meeting, me.user.id) !== undefined && !hasSigned(meeting, me.user.id);
  const signed = meeting.votes.filter(({ user_id }) => hasSigned(meeting, user_id)).length;
  return (
    <Panel title={t("meeting.conclusion")}>
      {done === null ? (
        <p className="shell-dim">{t("meeting.open")}</p>
      ) : (
        <>
          <p className="meeting-verdict" data-testid="verdict">
            <StateMark level="good">{word("verdict", done.verdict)}</StateMark>
          </p>
          <p className="shell-dim">
            {t("meeting.concludedBy", {
              name: naming("user_id", done.chaired_by) ?? done.chaired_by,
              at: formatDateTime(done.decided_at),
            })}
          </p>
          <dl className="facts">
            {Object.entries(done.details).map(([key, text]) => (
              <div key={key} style={{ display: "contents" }}>
                <dt>{word("detail", key)}</dt>
                <dd className="long-text">{text}</dd>
              </div>
            ))}
          </dl>
          <p>
            <StateMark level={signed === meeting.votes.length ? "good" : "warn"}>
              {t("meeting.signedCount", { signed, all: meeting.votes.length })}
            </StateMark>
          </p>
        </>
      )}
      <div className="acts">
        {done === null && mayChair(shown, me.user.id) && (
          <Button type="primary" data-testid="conclude" onClick={() => setConcluding(true)}>
            {t("meeting.conclude")}
          </Button>
        )}
        {owes && (
          <Button type="primary" data-testid="sign-minutes" onClick={() => setSigning(true)}>
            {t("meeting.sign")}
          </Button>
        )}
        {done !== null && <MinutesButton shown={shown} />}
      </div>
      {concluding && <ConcludeDialog shown={shown} meeting={meeting} onClose={() => setConcluding(false)} />}
      {signing && (
        <SignDialog
          title={t("meeting.sign")}
          sha256={meeting.sha256}
          busy={sign.isPending}
          error={sign.error}
          naming={naming}
          onSign={sign.mutate}
          onClose={() => setSigning(false)}
        />
      )}
    </Panel>
  );
}

const DETAILS = [
  "guidance",
  "anaesthesia",
  "staging",
  "protection",
  "antibiotics",
  "blood",
  "backup",
  "consent_points",
  "follow_up",
] as const;

function ConcludeDialog({ shown, meeting, onClose }: MeetingProps & { onClose(): void }) {
  const { t } = useTranslation("clinical");
  const { t: shellWord } = useTranslation();
  const { word, choices } = useWords();
  const naming = useCaseNaming(shown);
  const take = useTakeMeeting(shown.id);
  const draft = useFormDraft("conclusion", meeting.id);
  const conclude = useMutation({
    mutationFn: ({ verdict, ...details }: Record<string, string | undefined> & { verdict: Verdict }) => {
      const filled = Object.entries(details).filter(([, text]) => text !== undefined && text.trim() !== "");
      return meetingsApi.conclude(shown.id, meeting.id, {
        version: meeting.version,
        verdict,
        details: Object.fromEntries(filled) as Record<string, string>,
      });
    },
    onSuccess: async (after) => {
      draft.clear();
      await take(after);
      onClose();
    },
  });
  return (
    <FormDialog<Record<string, string | undefined> & { verdict: Verdict }>
      title={t("meeting.conclude")}
      okText={t("meeting.concludeOk")}
      width={760}
      initialValues={{ verdict: majority(meeting), ...(draft.restored as object | null) }}
      busy={conclude.isPending}
      error={conclude.error}
      naming={naming}
      onChange={draft.save}
      onSubmit={(fields) => conclude.mutate(fields)}
      onClose={onClose}
    >
      <Alert type="info" showIcon title={t("meeting.concludeText")} style={{ marginBottom: 16 }} />
      <Form.Item
        name="verdict"
        label={t("meeting.verdict")}
        rules={[{ required: true, message: shellWord("form.missing") }]}
      >
        <Select options={choices("verdict")} />
      </Form.Item>
      {DETAILS.map((key) => (
        <Form.Item key={key} name={key} label={word("detail", key)}>
          <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} />
        </Form.Item>
      ))}
    </FormDialog>
  );
}
