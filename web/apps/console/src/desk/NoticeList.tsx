import { useQuery } from "@tanstack/react-query";
import { type CaseNotice, casesApi } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { useErrorText } from "../shell/errors";
import { formatDateTime } from "../shell/preferences";
import { useWords } from "../workflow/words";
import { useNotices, useReadNotice } from "./notices";

import "./desk.css";

/** The case's number, which the notice names by its identifier only. */
function CaseNumber({ caseId }: { readonly caseId: string }) {
  const { data } = useQuery({ queryKey: ["case", caseId], queryFn: () => casesApi.get(caseId) });
  return <>{data?.number ?? "…"}</>;
}

function NoticeRow({ notice, onRead }: { readonly notice: CaseNotice; onRead(id: string): void }) {
  const { t } = useTranslation("desk");
  const { named } = useWords();
  return (
    <li data-testid="notice">
      <StateMark level={notice.level > 0 ? "bad" : "warn"}>
        {t("noticeText", { what: named("timers", notice.code), at: formatDateTime(notice.due_at) })}
      </StateMark>
      {notice.finding_id !== null && (
        // Level 0 calls who mends it: the finding is on their page of tasks. Later ones call who watches over it.
        <Link to={notice.level === 0 ? "/tasks" : "/quality/findings"}>{t("toFinding")}</Link>
      )}
      {notice.incident_id !== null && <Link to={`/incidents/${notice.incident_id}`}>{t("toIncident")}</Link>}
      {notice.case_id !== null && (
        <Link to={`/cases/${notice.case_id}`}>
          <CaseNumber caseId={notice.case_id} />
        </Link>
      )}
      {notice.level > 0 && <span className="shell-dim">{t("escalated", { level: notice.level })}</span>}
      <Button
        className="tt-no-print"
        onClick={() => {
          onRead(notice.id);
        }}
      >
        {t("seeToIt")}
      </Button>
    </li>
  );
}

/** Calls to oneself, the newest first; nothing when there are none. */
export function NoticeList() {
  const { t } = useTranslation("desk");
  const errorText = useErrorText();
  const { data } = useNotices();
  const read = useReadNotice();
  if (data === undefined || data.length === 0) return null;
  return (
    <Panel title={t("notices")}>
      {read.isError && (
        <p role="alert" className="desk-refused">
          {errorText(read.error)}
        </p>
      )}
      <ul className="desk-list">
        {data.map((notice) => (
          <NoticeRow key={notice.id} notice={notice} onRead={read.mutate} />
        ))}
      </ul>
    </Panel>
  );
}
