import { useNames } from "@tongtai/react";
import type { Advice } from "@tongtai/session-core";
import { OctagonX } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { DeclineForm } from "./DeclineForm";
import { startAlarm } from "./sound";

interface StopScreenProps {
  readonly advice: Advice;
  readonly enabled: boolean;
  readonly onCommand: (type: string, payload: Record<string, unknown>) => void;
}

/** STOP: fills the screen and rings until somebody at the table has answered. It asks; the operator decides. */
export function StopScreen({ advice, enabled, onCommand }: StopScreenProps) {
  const { t } = useTranslation("room");
  const { nameOf } = useNames();
  const [declining, setDeclining] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const { advice_id } = advice;
  useEffect(() => startAlarm(), [advice_id]);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="room-stop"
      data-testid="stop-screen"
      aria-labelledby="stop-title"
      onKeyDown={(event) => {
        if (event.key === "Escape") event.preventDefault();
      }}
      onClose={({ currentTarget }) => {
        // Browsers close a dialogue on the second Escape whatever the page says: it comes back until it is answered.
        if (currentTarget.isConnected) currentTarget.showModal();
      }}
    >
      <div className="room-stop__frame">
        <p className="room-stop__word" id="stop-title" role="alert">
          <OctagonX aria-hidden="true" /> {t("stop.title")}
        </p>
        <p className="room-stop__text">{advice.text}</p>
        <p>{t("stop.by", { name: nameOf({ name: advice.by_name, name_en: advice.by_name_en }) })}</p>
        {declining ? (
          <DeclineForm
            onDecline={(reason) => onCommand("advice.declined", { advice_id, reason })}
            onCancel={() => setDeclining(false)}
          />
        ) : (
          <div className="room-advice__buttons">
            <button
              type="button"
              className="room-button"
              data-tone="good"
              disabled={!enabled}
              data-testid="stop-accept"
              onClick={() => onCommand("advice.accepted", { advice_id })}
            >
              {t("stop.paused")}
            </button>
            <button
              type="button"
              className="room-button"
              disabled={!enabled}
              data-testid="stop-decline"
              onClick={() => setDeclining(true)}
            >
              {t("stop.go_on")}
            </button>
          </div>
        )}
        {enabled ? null : <p role="note">{t("stop.not_you")}</p>}
      </div>
    </dialog>
  );
}
