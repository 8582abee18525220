import type { ReplayEvent } from "@tongtai/api-client";
import { useNames } from "@tongtai/react";
import { memo, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { clockOf, detailOf } from "../expert/eventWords";
import type { ReplayClock } from "./clock";

interface ReplayLogProps {
  readonly events: readonly ReplayEvent[];
  /** Index of the last that has happened. */
  readonly now: number;
  readonly clock: ReplayClock;
}

/** Everything that happened; each line leads to its moment, and the line of now is marked. */
export const ReplayLog = memo(function ReplayLog({ events, now, clock }: ReplayLogProps) {
  const { t } = useTranslation("replay");
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const line = list.current?.querySelector<HTMLElement>("[data-now=true]");
    const box = list.current?.parentElement;
    // Whoever reads in the list, or goes through it by key, is not carried away; nor is the page.
    if (line && box && !box.matches(":hover, :focus-within")) box.scrollTop = line.offsetTop - box.clientHeight / 2;
  }, [now]);
  if (events.length === 0) return <p className="shell-dim">{t("noEvents")}</p>;
  return (
    <ol ref={list} className="replay-log" data-testid="replay-log">
      {events.map((event, index) => (
        <LogLine key={event.seq} event={event} isNow={index === now} isPast={index <= now} clock={clock} />
      ))}
    </ol>
  );
});

interface LineProps {
  readonly event: ReplayEvent;
  readonly isNow: boolean;
  readonly isPast: boolean;
  readonly clock: ReplayClock;
}

const LogLine = memo(function LogLine({ event, isNow, isPast, clock }: LineProps) {
  const { t } = useTranslation("expert");
  const { t: shell } = useTranslation();
  const { nameOf } = useNames();
  const { actor } = event;
  const role = shell(`role.${actor.role}`, { defaultValue: "" });
  const who = actor.kind === "gateway" ? t("gateway") : nameOf(actor) || role;
  return (
    <li data-seq={event.seq} data-now={isNow} data-past={isPast}>
      <button
        type="button"
        aria-current={isNow ? "time" : undefined}
        onClick={() => {
          clock.seek(event.t_server_ms);
        }}
      >
        <time>{clockOf(event.t_server_ms)}</time>
        <span>
          <span className="shell-dim">{who}</span>{" "}
          {t(`event.${event.type.replace(".", "_")}`, { defaultValue: event.type })}{" "}
          <strong>{detailOf(event, t)}</strong>
        </span>
      </button>
    </li>
  );
});
