import { useMutation, useQuery } from "@tanstack/react-query";
import { replaysApi, type Replay, type Teaching } from "@tongtai/api-client";
import { EmptyState, Panel } from "@tongtai/ui";
import { Button, Checkbox, Form, Input } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router-dom";

import { useKeys } from "../expert/hotkeys";
import { Waiting } from "../shell/Waiting";
import { PasswordField } from "../signing/SignDialog";
import { Refusal } from "../workflow/Lacks";
import { useRefreshCase } from "../workflow/queries";
import { inOrder, type Span, spanOf } from "./clips";
import { ReplayClock } from "./clock";
import { type FeedChoice, MaskFields } from "./MaskFields";
import { MaskSheet } from "./MaskSheet";
import { ReplayControls, TimeBar } from "./ReplayControls";
import { ReplayProblem } from "./ReplayPage";
import { ReplayTile } from "./ReplayTile";
import { useHand } from "./useHand";
import { useClock, useReplay } from "./useReplay";

import "./replay.css";

const SOUND = "mic";
const NOT_SHOWN: FeedChoice = { shown: false, masks: [] };
const NO_STROKES = [] as const;

/** Medical affairs look at what was recorded, choose what guests see of it and cover what names the patient. */
export default function ApprovePage() {
  const { t } = useTranslation("replay");
  const { caseId = "" } = useParams();
  const { replay, begun, ended } = useReplay(caseId, "full");
  const teaching = useQuery({ queryKey: ["teaching", caseId], queryFn: () => replaysApi.teaching(caseId) });
  const back = <Link to={`/cases/${caseId}?tab=replay`}>{t("toCase")}</Link>;
  const error = ended ?? begun.error ?? teaching.error;
  if (error !== null) return <ReplayProblem title={t("refused")} error={error} action={back} />;
  if (!replay || !teaching.data) return <Waiting />;
  const span = spanOf(replay.feeds);
  return (
    <div className="replay-page">
      <header className="page-head">
        {back}
        <h1>{t("approveTitle")}</h1>
        <span className="shell-dim replay-note">{t("approveNote")}</span>
      </header>
      {span === null ? (
        <EmptyState title={t("none")} text={t("noneText")} />
      ) : (
        <ApproveDesk replay={replay} teaching={teaching.data} span={span} />
      )}
    </div>
  );
}

interface DeskProps {
  readonly replay: Replay;
  readonly teaching: Teaching;
  readonly span: Span;
}

function chosenBefore({ approvals }: Teaching): Readonly<Record<string, FeedChoice>> {
  const [newest] = approvals;
  return Object.fromEntries((newest?.feeds ?? []).map(({ feed, masks }) => [feed, { shown: true, masks }]));
}

function ApproveDesk({ replay, teaching, span }: DeskProps) {
  const { t } = useTranslation("replay");
  const { t: expert } = useTranslation("expert");
  const [clock] = useState(() => new ReplayClock(span));
  const { at_ms, playing, runs, speed } = useClock(clock);
  const { step, keys } = useHand(clock, replay.events);
  useKeys(keys);
  const [choices, setChoices] = useState(() => chosenBefore(teaching));
  const feeds = useMemo(() => inOrder(replay.feeds.filter(({ feed }) => feed !== SOUND)), [replay.feeds]);
  const choiceOf = (feed: string) => choices[feed] ?? NOT_SHOWN;
  const choose = (feed: string, choice: FeedChoice) => setChoices((before) => ({ ...before, [feed]: choice }));
  return (
    <div className="replay-desk" data-testid="approve-teaching">
      <div className="replay-main">
        <div className="replay-tiles" data-count={feeds.length}>
          {feeds.map((feed) => (
            <ReplayTile key={feed.feed} {...{ feed, clock, at_ms, speed }} strokes={NO_STROKES}>
              {(size) => (
                <MaskSheet
                  masks={choiceOf(feed.feed).masks}
                  pictureSize={size}
                  label={expert(`feed.${feed.feed}`, { defaultValue: feed.feed })}
                  onAdd={(mask) => choose(feed.feed, { shown: true, masks: [...choiceOf(feed.feed).masks, mask] })}
                />
              )}
            </ReplayTile>
          ))}
        </div>
        <TimeBar clock={clock} at_ms={at_ms} feeds={feeds} events={replay.events} />
        <ReplayControls
          {...{ clock, at_ms, playing, runs, speed }}
          hasSound={false}
          sound={false}
          onSound={() => undefined}
          onStep={step}
        />
      </div>
      <aside className="replay-side">
        <Panel title={t("whatIsShown")}>
          <p className="shell-dim">{t("masksText")}</p>
          {feeds.map(({ feed }) => (
            <MaskFields key={feed} feed={feed} choice={choiceOf(feed)} onChange={(choice) => choose(feed, choice)} />
          ))}
        </Panel>
        <ApprovalForm caseId={replay.case_id} number={teaching.approvals.length} choices={choices} />
      </aside>
    </div>
  );
}

interface FormProps {
  readonly caseId: string;
  readonly number: number;
  readonly choices: Readonly<Record<string, FeedChoice>>;
}

interface Fields {
  readonly purpose: string;
  readonly looked: boolean;
  readonly password: string;
}

function ApprovalForm({ caseId, number, choices }: FormProps) {
  const { t } = useTranslation("replay");
  const { t: word } = useTranslation();
  const refresh = useRefreshCase(caseId);
  const navigate = useNavigate();
  const feeds = Object.entries(choices)
    .filter(([, { shown }]) => shown)
    .map(([feed, { masks }]) => ({ feed, masks: [...masks] }));
  const send = useMutation({
    mutationFn: ({ purpose, password }: Fields) => replaysApi.approve(caseId, { purpose, password, number, feeds }),
    onSuccess: async () => {
      await refresh();
      await navigate(`/cases/${caseId}?tab=replay`);
    },
  });
  const missing = [{ required: true, message: word("form.missing") }];
  return (
    <Panel title={t("approve")}>
      <Form<Fields> layout="vertical" onFinish={send.mutate} data-testid="approval-form">
        <Form.Item name="purpose" label={t("purpose")} extra={t("purposeHint")} rules={missing}>
          <Input maxLength={500} />
        </Form.Item>
        <Form.Item
          name="looked"
          valuePropName="checked"
          rules={[
            {
              validator: async (_, value) => (value === true ? undefined : Promise.reject(new Error(t("lookFirst")))),
            },
          ]}
        >
          <Checkbox>{t("looked")}</Checkbox>
        </Form.Item>
        <PasswordField />
        <Button type="primary" htmlType="submit" loading={send.isPending} data-testid="approve-ok">
          {t("approveOk", { count: feeds.length })}
        </Button>
      </Form>
      <Refusal error={send.error} />
    </Panel>
  );
}
