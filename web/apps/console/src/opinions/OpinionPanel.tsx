import { useMutation, useQuery } from "@tanstack/react-query";
import { type Case, type Decision, type Opinion, opinionsApi } from "@tongtai/api-client";
import { EmptyState, ErrorState, Panel, StateMark } from "@tongtai/ui";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { formatDateTime } from "../shell/preferences";
import { useMe } from "../shell/session";
import { Waiting } from "../shell/Waiting";
import { Lacks } from "../workflow/Lacks";
import { useRefreshCase, useWay } from "../workflow/queries";
import { SignDialog } from "../signing/SignDialog";
import { useCaseNaming, useWords } from "../workflow/words";
import { DecideDialog } from "./DecideDialog";
import { Liability } from "./Liability";
import { mayDecide, mayWriteOpinion, owesOpinion } from "./rights";
import { WriteOpinion } from "./WriteOpinion";

const PARTS = ["findings", "diagnosis", "recommendation", "risks", "addendum"] as const;

function Signatures({ signed, sha256 }: { readonly signed: Opinion["signatures"]; readonly sha256: string }) {
  const { t } = useTranslation("clinical");
  const { t: word, i18n } = useTranslation();
  return (
    <ul className="plain-list">
      {signed.map((one) => (
        <li key={one.user_id}>
          <StateMark level={one.sha256 === sha256 ? "good" : "bad"}>
            {i18n.language === "en" ? one.name_en : one.name} {one.role && word(`role.${one.role}`)} ·{" "}
            {formatDateTime(one.at)}
            {one.sha256 !== sha256 && ` · ${t("sign.otherText")}`}
          </StateMark>
        </li>
      ))}
    </ul>
  );
}

interface OpinionCardProps {
  readonly shown: Case;
  readonly opinion: Opinion;
  readonly newest: boolean;
  onEdit(opinion: Opinion): void;
  onSign(opinion: Opinion): void;
}

function OpinionCard({ shown, opinion, newest, onEdit, onSign }: OpinionCardProps) {
  const { t } = useTranslation("clinical");
  const { word } = useWords();
  const me = useMe();
  const naming = useCaseNaming(shown);
  const draft = newest && opinion.signatures.length === 0 && mayWriteOpinion(shown, me.user.id);
  return (
    <section className="record" data-testid={`opinion-${opinion.number}`}>
      <div className="record__head">
        <h3>{t("opinion.number", { number: opinion.number })}</h3>
        <StateMark level={opinion.issued ? "good" : "warn"}>
          {t(opinion.issued ? "opinion.issued" : "opinion.draft")}
        </StateMark>
        <span className="shell-dim">{formatDateTime(opinion.written_at)}</span>
        <span className="acts record__end tt-no-print">
          {draft && <Button onClick={() => onEdit(opinion)}>{t("opinion.edit")}</Button>}
          {newest && owesOpinion(opinion, shown, me.user.id) && (
            <Button type="primary" data-testid="sign-opinion-record" onClick={() => onSign(opinion)}>
              {t("sign.button")}
            </Button>
          )}
        </span>
      </div>
      <dl className="facts">
        {PARTS.filter((part) => (opinion.parts[part] ?? "") !== "").map((part) => (
          <div key={part} style={{ display: "contents" }}>
            <dt>{word("part", part)}</dt>
            <dd className="long-text">{opinion.parts[part]}</dd>
          </div>
        ))}
        <dt>{t("opinion.experts")}</dt>
        <dd>{opinion.experts.map((id) => naming("user_id", id) ?? id).join("、")}</dd>
      </dl>
      <Signatures signed={opinion.signatures} sha256={opinion.sha256} />
      {newest && <Lacks lacks={opinion.lacks} naming={naming} />}
    </section>
  );
}

function DecisionCard({ decision, opinions }: { readonly decision: Decision; readonly opinions: readonly Opinion[] }) {
  const { t } = useTranslation("clinical");
  const { word } = useWords();
  const about = opinions.find(({ id }) => id === decision.opinion_id);
  return (
    <section className="record" data-testid={`decision-${decision.number}`}>
      <div className="record__head">
        <h3>{t("decision.number", { number: decision.number })}</h3>
        <StateMark level={decision.outcome === "adopted" ? "good" : "info"}>
          {word("outcome", decision.outcome)}
        </StateMark>
        <strong>{t(decision.operates ? "decision.operates" : "decision.doesNot")}</strong>
        <span className="shell-dim">{formatDateTime(decision.decided_at)}</span>
      </div>
      {decision.reason !== "" && <p className="long-text">{decision.reason}</p>}
      <p className="shell-dim warning__source">
        {about && t("decision.about", { number: about.number })}
        {about && about.sha256 !== decision.opinion_sha256 && ` · ${t("sign.otherText")}`}
      </p>
      {decision.signature && <Signatures signed={[decision.signature]} sha256={decision.sha256} />}
    </section>
  );
}

/** The invited side's opinion and the inviting side's decision: two records, signed apart. */
export function OpinionPanel({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const me = useMe();
  const naming = useCaseNaming(shown);
  const refresh = useRefreshCase(shown.id);
  const query = useQuery({ queryKey: ["opinions", shown.id], queryFn: () => opinionsApi.list(shown.id) });
  const way = useWay(shown.id);
  const [writing, setWriting] = useState<Opinion | "new">();
  const [signing, setSigning] = useState<Opinion>();
  const [deciding, setDeciding] = useState<Opinion>();
  const sign = useMutation({
    mutationFn: ({ id, password }: { id: string; password: string }) => opinionsApi.sign(shown.id, id, password),
    onSuccess: async () => {
      await refresh();
      setSigning(undefined);
    },
  });
  if (query.isPending || way.isPending) return <Waiting />;
  if (query.isError) return <ErrorState title={word("error.title")} text={errorText(query.error)} />;
  if (way.data === null) return <EmptyState title={t("noWay")} text={t("noWayText")} />;
  const { opinions, decisions } = query.data;
  const issued = opinions[0]?.issued ? opinions[0] : undefined;
  return (
    <div className="page-stack">
      <Panel title={t("opinion.responsibility")}>
        <Liability shown={shown} />
      </Panel>
      <Panel
        title={t("opinion.title")}
        actions={
          mayWriteOpinion(shown, me.user.id) ? (
            <Button data-testid="write-opinion" onClick={() => setWriting("new")}>
              {t(opinions.length === 0 ? "opinion.write" : "opinion.writeNext")}
            </Button>
          ) : undefined
        }
      >
        <div className="page-stack">
          {opinions.length === 0 && <EmptyState title={t("opinion.none")} text={t(`opinion.noneText.${shown.side}`)} />}
          {opinions.map((opinion, place) => (
            <OpinionCard
              key={opinion.id}
              shown={shown}
              opinion={opinion}
              newest={place === 0}
              onEdit={setWriting}
              onSign={setSigning}
            />
          ))}
        </div>
      </Panel>
      <Panel
        title={t("decision.title")}
        actions={
          issued && mayDecide(shown, me.user.id) ? (
            <Button type="primary" data-testid="decide" onClick={() => setDeciding(issued)}>
              {t(decisions.length === 0 ? "decision.make" : "decision.makeAnew")}
            </Button>
          ) : undefined
        }
      >
        <div className="page-stack">
          <Alert type="info" showIcon title={t("decision.whose")} />
          {decisions.length === 0 && <EmptyState title={t("decision.none")} text={t("decision.noneText")} />}
          {decisions.map((decision) => (
            <DecisionCard key={decision.id} decision={decision} opinions={opinions} />
          ))}
        </div>
      </Panel>
      {writing !== undefined && (
        <WriteOpinion
          shown={shown}
          before={writing === "new" ? undefined : writing}
          onClose={() => setWriting(undefined)}
        />
      )}
      {signing !== undefined && (
        <SignDialog
          title={t("opinion.signTitle", { number: signing.number })}
          sha256={signing.sha256}
          busy={sign.isPending}
          error={sign.error}
          naming={naming}
          onSign={(password) => sign.mutate({ id: signing.id, password })}
          onClose={() => setSigning(undefined)}
        />
      )}
      {deciding !== undefined && (
        <DecideDialog shown={shown} opinion={deciding} onClose={() => setDeciding(undefined)} />
      )}
    </div>
  );
}
