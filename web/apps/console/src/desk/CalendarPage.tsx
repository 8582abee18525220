import { useQuery } from "@tanstack/react-query";
import { type CalendarEntry, type LeaveSeen, workflowApi } from "@tongtai/api-client";
import { ErrorState, ToolButton } from "@tongtai/ui";
import { Button, Spin } from "antd";
import { ChevronLeft, ChevronRight, Users, UserX, Zap } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router-dom";

import { patientText } from "../cases/marks";
import { useErrorText } from "../shell/errors";
import { useHotkey } from "../shell/hotkeys";
import { formatDateTime, useLocalName, usePreferences } from "../shell/preferences";
import { dayText, isAwayOn, monthOf, monthText, shifted, weeksOf } from "./month";
import { PrintButton } from "./PrintButton";

import "./desk.css";

const LOOK_AGAIN_MS = 60_000;
const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

function Entry({ entry }: { readonly entry: CalendarEntry }) {
  const { t } = useTranslation("desk");
  const { t: word } = useTranslation();
  const localName = useLocalName();
  const time = formatDateTime(entry.at).slice(11);
  const about = [entry.number, localName(entry.inviting), patientText(entry.patient, word)].filter(Boolean).join(" · ");
  return (
    <Link
      to={`/cases/${entry.case_id}${entry.kind === "meeting" ? "?tab=meeting" : ""}`}
      className="calendar-entry"
      data-kind={entry.kind}
      data-technique={entry.technique}
      title={`${t(`occasion.${entry.kind}`)} ${time} ${about}`}
    >
      {entry.kind === "meeting" ? <Users size={14} aria-hidden="true" /> : <Zap size={14} aria-hidden="true" />}
      <span className="shell-unseen">{t(`occasion.${entry.kind}`)}</span>
      <strong>{time}</strong> <span>{about}</span>
    </Link>
  );
}

/** Somebody is away on this day; why is for their own institution. */
function AwayEntry({ leave }: { readonly leave: LeaveSeen }) {
  const { t } = useTranslation("desk");
  const localName = useLocalName();
  const text = [t("away", { name: localName(leave) }), leave.reason].filter(Boolean).join(" · ");
  return (
    <span className="calendar-entry" data-kind="away" data-testid="calendar-away" title={text}>
      <UserX size={14} aria-hidden="true" />
      <span>{text}</span>
    </span>
  );
}

/** Operations, team meetings and leaves of a month, as both sides have them. */
export default function CalendarPage() {
  const { t } = useTranslation("desk");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const { language } = usePreferences();
  const [search, setSearch] = useSearchParams();
  const month = monthOf(search.get("month"));
  const weeks = weeksOf(month);
  const from = weeks[0]?.[0]?.date ?? month;
  const last = weeks.at(-1)?.at(-1)?.date ?? month;
  const until = new Date(last.getFullYear(), last.getMonth(), last.getDate() + 1);
  const calendar = useQuery({
    queryKey: ["calendar", monthText(month)],
    queryFn: () => workflowApi.calendar(from.toISOString(), until.toISOString()),
    placeholderData: (previous) => previous,
    refetchInterval: LOOK_AGAIN_MS,
  });
  const leaves = useQuery({
    queryKey: ["leaves", monthText(month)],
    queryFn: () => workflowApi.leaves(from.toISOString(), until.toISOString()),
    placeholderData: (previous) => previous,
    refetchInterval: LOOK_AGAIN_MS,
  });
  const go = (months: number) => {
    setSearch({ month: monthText(months === 0 ? new Date() : shifted(month, months)) }, { replace: true });
  };
  useHotkey("ArrowLeft", () => {
    go(-1);
  });
  useHotkey("ArrowRight", () => {
    go(1);
  });
  const entries = calendar.data ?? [];
  const today = dayText(new Date());
  const title = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en", { year: "numeric", month: "long" }).format(
    month,
  );
  return (
    <>
      <div className="page-head">
        <h1>{t("calendar")}</h1>
        <ToolButton
          className="tt-no-print"
          icon={<ChevronLeft size={18} />}
          label={t("before")}
          iconOnly
          keyHint="←"
          onClick={() => {
            go(-1);
          }}
        />
        <strong className="calendar-title" data-testid="calendar-month">
          {title}
        </strong>
        <ToolButton
          className="tt-no-print"
          icon={<ChevronRight size={18} />}
          label={t("after")}
          iconOnly
          keyHint="→"
          onClick={() => {
            go(1);
          }}
        />
        <Button
          className="tt-no-print"
          onClick={() => {
            go(0);
          }}
        >
          {t("today")}
        </Button>
        {calendar.isPending && <Spin size="small" aria-label={word("loading")} />}
        {calendar.data !== undefined && <span className="shell-dim">{t("entryCount", { count: entries.length })}</span>}
        <div className="page-head__end">
          <PrintButton />
        </div>
      </div>
      {calendar.isError ? (
        <ErrorState
          title={word("error.title")}
          text={errorText(calendar.error)}
          action={<Button onClick={() => void calendar.refetch()}>{word("retry")}</Button>}
        />
      ) : (
        <table className="calendar">
          <thead>
            <tr>
              {WEEK.map((day) => (
                <th key={day} scope="col">
                  {t(`week.${day}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks.map((days) => (
              <tr key={days[0]?.day}>
                {days.map(({ day, date, ofMonth }) => (
                  <td key={day} data-of-month={ofMonth} data-today={day === today}>
                    <time dateTime={day}>{date.getDate()}</time>
                    {leaves.data
                      ?.filter((leave) => isAwayOn(leave, date))
                      .map((leave) => (
                        <AwayEntry key={`${leave.user_id}-${leave.since}`} leave={leave} />
                      ))}
                    {entries
                      .filter(({ at }) => dayText(new Date(at)) === day)
                      .map((entry) => (
                        <Entry key={`${entry.kind}-${entry.case_id}-${entry.at}`} entry={entry} />
                      ))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
