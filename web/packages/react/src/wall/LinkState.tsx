import type { ConnectionStatus, RoomQuality } from "@tongtai/session-core";
import { StateMark } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { formatDelay } from "./elapsed";

const LEVELS = { live: "good", degraded: "warn", lost: "bad", off: "off" } as const;

interface LinkStateProps {
  readonly quality: RoomQuality;
  readonly status: ConnectionStatus;
  /** Somebody sends a picture: one that was not measured yet is not one that is missing. */
  readonly coming: boolean;
  readonly testId?: string;
}

/** How the picture comes, why it is not live, and what was measured; what is not known is a dash, never a guess. */
export function LinkState({ quality, status, coming, testId }: LinkStateProps) {
  const { t } = useTranslation("expert");
  const { measurement, condition } = quality;
  if (status !== "connected") {
    const level = status === "denied" ? "bad" : "warn";
    return <StateMark level={level}>{t(`connection.${status}`)}</StateMark>;
  }
  const dash = "–";
  const delay = measurement.delay_ms === null ? dash : formatDelay(measurement.delay_ms);
  const loss = measurement.loss === null ? dash : (measurement.loss * 100).toFixed(1);
  const fps = measurement.fps === null ? dash : Math.round(measurement.fps);
  const unsafe = condition.state === "degraded" && condition.unsafe;
  const words = [
    t(condition.state === "off" && coming ? "link.measuring" : `link.${condition.state}`),
    condition.reason && t(`link.reason.${condition.reason}`),
    unsafe && t("link.unsafe"),
  ].filter(Boolean);
  return (
    <span className="link-state" data-testid={testId} data-state={condition.state} data-reason={condition.reason}>
      <StateMark level={unsafe ? "bad" : LEVELS[condition.state]}>{words.join(" · ")}</StateMark>
      {(condition.state === "live" || condition.state === "degraded") && (
        <span className="link-state__numbers">
          {t("link.numbers", { delay, loss, fps })}
          {measurement.freeze_s > 0 && ` · ${t("link.freeze", { seconds: measurement.freeze_s.toFixed(0) })}`}
        </span>
      )}
    </span>
  );
}
