import { ApiError, type ReplayView } from "@tongtai/api-client";
import { ErrorState, StateMark } from "@tongtai/ui";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router-dom";

import { TechniqueMark } from "../cases/marks";
import { useLocalName } from "../shell/preferences";
import { Waiting } from "../shell/Waiting";
import { useWords } from "../workflow/words";
import { ReplayDesk } from "./ReplayDesk";
import { useReplay } from "./useReplay";

import "./replay.css";

/** Why nothing is played: what happened, and every consent or approval that is missing. */
export function ReplayProblem({ title, error, action }: { title: string; error: unknown; action?: ReactNode }) {
  const { errorText, lacksOf } = useWords();
  const lacks = lacksOf(error);
  return (
    <div data-testid="replay-refused" data-code={error instanceof ApiError ? error.code : ""}>
      <ErrorState
        title={title}
        text={
          <>
            {errorText(error)}
            {lacks.map((text) => (
              <span key={text} className="replay-lack">
                {text}
              </span>
            ))}
          </>
        }
        action={action}
      />
    </div>
  );
}

function Seen({ view, back }: { readonly view: ReplayView; readonly back: ReactNode }) {
  const { t } = useTranslation("replay");
  const { t: word } = useTranslation();
  const localName = useLocalName();
  const { caseId = "" } = useParams();
  const { replay, begun, ended } = useReplay(caseId, view);
  if (ended !== null) return <ReplayProblem title={t("ended")} error={ended} action={back} />;
  if (begun.error !== null) {
    const refused = begun.error instanceof ApiError && begun.error.code === "replay_refused";
    const again = <Button onClick={() => void begun.refetch()}>{word("retry")}</Button>;
    return (
      <ReplayProblem
        title={refused ? t("refused") : word("error.title")}
        error={begun.error}
        action={refused ? back : again}
      />
    );
  }
  if (replay === undefined) return <Waiting />;
  return (
    <div className="replay-page">
      <header className="page-head">
        {back}
        <h1>{t(view === "full" ? "title" : "teachingTitle")}</h1>
        <TechniqueMark technique={replay.technique} />
        <span>{localName({ name: replay.hospital, name_en: replay.hospital_en })}</span>
        {view === "teaching" && <StateMark level="info">{t("covered")}</StateMark>}
        <span className="shell-dim replay-note">{t(view === "full" ? "audited" : "teachingNote")}</span>
      </header>
      <ReplayDesk replay={replay} />
    </div>
  );
}

/** The whole recording, for who treated the patient. */
export default function ReplayPage() {
  const { t } = useTranslation("replay");
  const { caseId = "" } = useParams();
  return <Seen view="full" back={<Link to={`/cases/${caseId}`}>{t("toCase")}</Link>} />;
}

/** What was approved for teaching, for guests. */
export function TeachingViewPage() {
  const { t } = useTranslation("replay");
  return <Seen view="teaching" back={<Link to="/teaching">{t("toTeaching")}</Link>} />;
}
