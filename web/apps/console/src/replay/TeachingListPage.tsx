import { useQuery } from "@tanstack/react-query";
import { replaysApi } from "@tongtai/api-client";
import { EmptyState, ErrorState, Panel } from "@tongtai/ui";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { TechniqueMark } from "../cases/marks";
import { useErrorText } from "../shell/errors";
import { formatDateTime, useLocalName } from "../shell/preferences";
import { Waiting } from "../shell/Waiting";

import "./replay.css";

/** The cases that a guest may see, without anything that names a patient. */
export default function TeachingListPage() {
  const { t } = useTranslation("replay");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const localName = useLocalName();
  const { data, error } = useQuery({ queryKey: ["teaching"], queryFn: replaysApi.taught });
  if (error) return <ErrorState title={word("error.title")} text={errorText(error)} />;
  if (!data) return <Waiting />;
  return (
    <div className="page-stack replay-page">
      <header className="page-head">
        <h1>{t("teachingTitle")}</h1>
        <span className="shell-dim">{t("listText")}</span>
      </header>
      {data.length === 0 ? (
        <EmptyState title={t("nothingTaught")} text={t("nothingTaughtText")} />
      ) : (
        <Panel flush>
          <ul className="replay-taught" data-testid="taught-cases">
            {data.map((taught) => (
              <li key={taught.case_id}>
                <TechniqueMark technique={taught.technique} />
                <span>{localName({ name: taught.hospital, name_en: taught.hospital_en })}</span>
                <span>{taught.purpose}</span>
                <span className="shell-dim">{formatDateTime(taught.approved_at)}</span>
                <Link to={`/teaching/${taught.case_id}`}>{t("watch")}</Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}
