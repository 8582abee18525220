import type { SessionEvent } from "@tongtai/session-core";
import { useNames } from "@tongtai/react";
import type { TFunction } from "i18next";
import { memo, useDeferredValue, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";

import { clockOf, detailOf } from "./eventWords";
import { peopleOf, type Newcomer } from "./newcomers";

/** Comes dozens of times during a transfer; its start and end are enough in the list. */
const NOT_LISTED: ReadonlySet<string> = new Set(["ct.series_progress"]);

const NOTHING: readonly SessionEvent[] = [];

/** Everything that happened, the newest at the foot; hundreds of lines, so the pictures go before it. */
export function Timeline({ events: newest }: { readonly events: readonly SessionEvent[] }) {
  const events = useDeferredValue(newest, NOTHING);
  return <TimelineList events={events} />;
}

const TimelineList = memo(function TimelineList({ events }: { readonly events: readonly SessionEvent[] }) {
  const { t } = useTranslation("expert");
  const { nameOf } = useNames();
  const list = useRef<HTMLOListElement>(null);
  const follows = useRef(true);
  const shown = events.filter(({ type }) => !NOT_LISTED.has(type));
  const people = useMemo(() => peopleOf(events), [events]);
  useEffect(() => {
    if (follows.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [shown.length]);
  return (
    <section className="timeline" aria-label={t("timeline.title")}>
      <h2>{t("timeline.title")}</h2>
      <ol
        ref={list}
        data-testid="timeline"
        data-last-seq={events.at(-1)?.seq ?? 0}
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < 40;
        }}
      >
        {shown.length === 0 && <li className="dim">{t("timeline.empty")}</li>}
        {shown.map((event) => (
          <TimelineItem key={event.seq} person={people.get(event.seq)} {...{ event, t, nameOf }} />
        ))}
      </ol>
    </section>
  );
});

interface ItemProps {
  readonly event: SessionEvent;
  /** Who came or left. */
  readonly person: Newcomer | undefined;
  readonly t: TFunction<"expert">;
  readonly nameOf: ReturnType<typeof useNames>["nameOf"];
}

/** Whom the line is about; a gateway has one name for both languages, so it is called by what it is. */
function whoOf({ event: { actor }, person, t, nameOf }: ItemProps): string {
  if (person) return person.isGateway ? t("gateway") : nameOf(person);
  if (actor.kind === "system") return "";
  return actor.kind === "gateway" ? t("gateway") : nameOf(actor);
}

const TimelineItem = memo(function TimelineItem(props: ItemProps) {
  const { event, t } = props;
  const who = whoOf(props);
  return (
    <li data-seq={event.seq} data-type={event.type}>
      <time>{clockOf(event.t_server_ms)}</time>
      <span>
        <span className="dim">{who}</span> {t(`event.${event.type.replace(".", "_")}`, { defaultValue: event.type })}{" "}
        <strong>{detailOf(event, t)}</strong>
      </span>
    </li>
  );
});
