import { ToolButton } from "@tongtai/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const REASONS = ["not_possible", "patient_condition", "picture_differs", "already_done", "later"] as const;

interface DeclineFormProps {
  readonly onDecline: (reason: string) => void;
  readonly onCancel: () => void;
}

/** Why an advice is not followed: one touch, or own words. */
export function DeclineForm({ onDecline, onCancel }: DeclineFormProps) {
  const { t } = useTranslation("room");
  const [text, setText] = useState("");
  return (
    <form
      className="room-decline"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) onDecline(text.trim());
      }}
    >
      <p>{t("advice.why")}</p>
      <div className="room-chips">
        {REASONS.map((reason) => (
          <button
            key={reason}
            type="button"
            className="room-chip"
            data-testid={`reason-${reason}`}
            onClick={() => onDecline(t(`reason.${reason}`))}
          >
            {t(`reason.${reason}`)}
          </button>
        ))}
      </div>
      <div className="room-decline__row">
        <input
          value={text}
          maxLength={300}
          aria-label={t("advice.own_words")}
          placeholder={t("advice.own_words")}
          onChange={(event) => setText(event.target.value)}
        />
        <ToolButton size="room" tone="primary" type="submit" label={t("advice.send_reason")} disabled={!text.trim()} />
        <ToolButton size="room" label={t("advice.cancel")} onClick={onCancel} />
      </div>
    </form>
  );
}
