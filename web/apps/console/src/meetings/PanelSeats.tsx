import { useMutation } from "@tanstack/react-query";
import { type Case, type Meeting, meetingsApi } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { usePreferences } from "../shell/preferences";
import { useMe } from "../shell/session";
import { Refusal } from "../workflow/Lacks";
import { useWords } from "../workflow/words";
import { useTakeMeeting } from "./queries";
import { hasSigned, silent, sitsIn, voteOf } from "./rights";

type Seat = Meeting["panel"][number];

const isHere = ({ joined_at, left_at }: Seat): boolean => joined_at !== null && left_at === null;

/** Who sits here, for what, who is present, how each has voted and why; who differs from the conclusion stands out. */
export function PanelSeats({ shown, meeting }: { readonly shown: Case; readonly meeting: Meeting }) {
  const { t } = useTranslation("clinical");
  const { word } = useWords();
  const { language } = usePreferences();
  const me = useMe();
  const take = useTakeMeeting(shown.id);
  const mine = meeting.panel.find(({ user_id }) => user_id === me.user.id);
  const attend = useMutation({
    mutationFn: (here: boolean) => meetingsApi.attend(shown.id, meeting.id, here),
    onSuccess: take,
  });
  const missing = silent(meeting);
  const dissent = new Set(meeting.dissent.map(({ user_id }) => user_id));
  return (
    <Panel
      title={t("meeting.panel")}
      actions={
        mine && meeting.conclusion === null && sitsIn(meeting, me.user.id) ? (
          <Button loading={attend.isPending} data-testid="attend" onClick={() => attend.mutate(!isHere(mine))}>
            {t(isHere(mine) ? "meeting.leave" : "meeting.join")}
          </Button>
        ) : undefined
      }
    >
      <StateMark level={missing.length === 0 ? "good" : "warn"}>
        {missing.length === 0
          ? t("meeting.quorumVoted")
          : t("meeting.quorumWaits", { specialties: missing.map((each) => word("specialty", each)).join("、") })}
      </StateMark>
      <ul className="plain-list meeting-seats">
        {meeting.panel.map((seat) => {
          const vote = voteOf(meeting, seat.user_id);
          return (
            <li key={`${seat.user_id} ${seat.specialty}`} data-testid={`seat-${seat.specialty}`}>
              <div className="record__head">
                <strong>{word("specialty", seat.specialty)}</strong>
                <span>
                  {language === "en" ? seat.name_en : seat.name} <span className="shell-dim">{seat.title}</span>
                </span>
                <span className="record__end">
                  <StateMark level={isHere(seat) ? "good" : "off"}>
                    {t(isHere(seat) ? "meeting.here" : seat.left_at === null ? "meeting.notYet" : "meeting.left")}
                  </StateMark>
                </span>
              </div>
              {vote ? (
                <p className="meeting-vote">
                  <StateMark level={dissent.has(seat.user_id) ? "warn" : "info"}>
                    {word("verdict", vote.verdict)}
                    {dissent.has(seat.user_id) && ` · ${t("meeting.dissents")}`}
                  </StateMark>{" "}
                  {vote.reason}
                  {hasSigned(meeting, seat.user_id) && <StateMark level="good"> {t("meeting.signed")}</StateMark>}
                </p>
              ) : (
                <p className="meeting-vote shell-dim">{t("meeting.noVote")}</p>
              )}
            </li>
          );
        })}
      </ul>
      <Refusal error={attend.error} />
    </Panel>
  );
}
