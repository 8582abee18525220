import type { Case } from "@tongtai/api-client";
import { EmptyState, ErrorState, Panel } from "@tongtai/ui";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { useErrorText } from "../shell/errors";
import { formatDateTime } from "../shell/preferences";
import { useMe } from "../shell/session";
import { Waiting } from "../shell/Waiting";
import { ConveneDialog } from "./ConveneDialog";
import { ConclusionPanel } from "./Deciding";
import { DiscussionPanel } from "./Discussion";
import { PanelSeats } from "./PanelSeats";
import { useMeetings } from "./queries";
import { mayChair } from "./rights";

import "./meetings.css";

/** The team meetings of a case: convene one, go in, read what was decided. */
export function MeetingsSection({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const me = useMe();
  const query = useMeetings(shown.id);
  const [convening, setConvening] = useState(false);
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ErrorState title={word("error.title")} text={errorText(query.error)} />;
  const [newest] = query.data;
  const mayConvene = mayChair(shown, me.user.id) && (newest === undefined || newest.conclusion !== null);
  const convene = mayConvene && (
    <Button type="primary" data-testid="convene" onClick={() => setConvening(true)}>
      {t("meeting.convene")}
    </Button>
  );
  return (
    <div className="page-stack">
      {query.data.length === 0 ? (
        <EmptyState title={t("meeting.none")} text={t("meeting.noneText")} action={convene || undefined} />
      ) : (
        convene
      )}
      {query.data.map((meeting) => (
        <Panel
          key={meeting.id}
          title={`${t("meeting.title", { number: meeting.number })} · ${formatDateTime(meeting.scheduled_at)}`}
          actions={
            <Link to={`/cases/${shown.id}/meetings/${meeting.id}`}>
              <Button type={meeting.conclusion ? "default" : "primary"} tabIndex={-1} data-testid="enter-meeting">
                {t(meeting.conclusion ? "meeting.look" : "meeting.enter")}
              </Button>
            </Link>
          }
        >
          <div className="page-columns">
            <div className="page-stack">
              <ConclusionPanel shown={shown} meeting={meeting} />
              <DiscussionPanel shown={shown} meeting={meeting} />
            </div>
            <PanelSeats shown={shown} meeting={meeting} />
          </div>
        </Panel>
      ))}
      {convening && <ConveneDialog shown={shown} onClose={() => setConvening(false)} />}
    </div>
  );
}
