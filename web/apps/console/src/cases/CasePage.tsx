import { useQuery } from "@tanstack/react-query";
import { type Case, casesApi } from "@tongtai/api-client";
import { ErrorState } from "@tongtai/ui";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router-dom";

import { useErrorText } from "../shell/errors";
import { usePreferences } from "../shell/preferences";
import { useMe } from "../shell/session";
import { Waiting } from "../shell/Waiting";
import { CaseWay } from "../workflow/CaseWay";
import { CaseSections } from "./CaseSections";
import { CaseStateMark, TechniqueMark } from "./marks";

function CaseActions({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const me = useMe();
  const root = `/api/sessions/${encodeURIComponent(shown.id)}`;
  const expert = me.permissions.includes("expert_room") && shown.side === "centre";
  return (
    <div className="page-head__end tt-no-print">
      {shown.permissions.includes("session_export") && (
        <>
          <Button href={`${root}/export.json`} download={`${shown.number}.json`}>
            {t("case.exportJson")}
          </Button>
          <Button href={`${root}/export.pdf?lang=${language}`} target="_blank">
            {t("case.exportPdf")}
          </Button>
        </>
      )}
      {shown.permissions.includes("session_view") && (
        <Link to={expert ? `/wall/${shown.id}` : `/room/${shown.id}`}>
          <Button type="primary" tabIndex={-1}>
            {t(expert ? "case.toWall" : "case.toRoom")}
          </Button>
        </Link>
      )}
    </div>
  );
}

export default function CasePage() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { caseId = "" } = useParams();
  const query = useQuery({ queryKey: ["case", caseId], queryFn: () => casesApi.get(caseId) });
  if (query.isPending) return <Waiting />;
  if (query.isError) {
    return (
      <ErrorState
        title={t("error.title")}
        text={errorText(query.error)}
        action={<Link to="/cases">{t("case.toList")}</Link>}
      />
    );
  }
  const shown = query.data;
  return (
    <>
      <div className="page-head">
        <Link to="/cases" className="tt-no-print">
          {t("cases.title")}
        </Link>
        <h1>{shown.number}</h1>
        <TechniqueMark technique={shown.technique} />
        {shown.state !== "scheduled" && <CaseStateMark state={shown.state} />}
        <CaseActions shown={shown} />
      </div>
      <CaseWay shown={shown} />
      <CaseSections shown={shown} />
    </>
  );
}
