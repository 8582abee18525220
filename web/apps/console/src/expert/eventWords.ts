/** What a line of a session's log says, live and seen again. */
import type { SessionEvent } from "@tongtai/session-core";
import type { TFunction } from "i18next";

type LoggedEvent = Pick<SessionEvent, "type" | "payload">;

/** What of a line of the log is its own. */
export function detailOf(event: LoggedEvent, t: TFunction<"expert">): string {
  const { payload } = event;
  const text = (name: string) => (typeof payload[name] === "string" ? (payload[name] as string) : "");
  switch (event.type) {
    case "step.marked":
      return t(`step.${text("step")}`);
    case "advice.given":
      return `${t(`level.${text("level")}`)} ${text("text")}`;
    case "advice.declined":
      return text("reason");
    case "media.state":
      return t(`link.${text("state")}`);
    case "feed.state":
      return `${t(`feed.${text("feed")}`, { defaultValue: text("feed") })} ${t(`feedState.${text("state")}`)}`;
    case "alarm.raised":
      return t(`alarm.${text("code")}`, { defaultValue: text("code") });
    case "ct.push_finished":
      return t("timeline.pushed", { received: payload.received, seconds: payload.seconds });
    case "handover.offered":
      return text("to_name");
    case "draw.added":
      return text("text");
    default:
      return text("reason") || text("text") || text("note");
  }
}

export function clockOf(at_ms: number): string {
  return new Date(at_ms).toLocaleTimeString("en-GB", { hour12: false });
}
