import { CircleStop } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface EndSessionProps {
  readonly enabled: boolean;
  readonly onEnd: () => void;
}

/** Ends the session in two touches; it can be opened again. */
export function EndSession({ enabled, onEnd }: EndSessionProps) {
  const { t } = useTranslation("room");
  const [sure, setSure] = useState(false);
  if (!sure) {
    return (
      <button
        type="button"
        className="room-button"
        data-quiet
        data-testid="session-close"
        disabled={!enabled}
        onClick={() => setSure(true)}
      >
        <CircleStop size={20} aria-hidden="true" /> {t("actions.close")}
      </button>
    );
  }
  return (
    <div className="room-close" role="group" aria-label={t("actions.close")}>
      <span>{t("actions.close_sure")}</span>
      <button
        type="button"
        className="room-button"
        data-tone="warn"
        data-testid="session-close-confirm"
        onClick={onEnd}
      >
        {t("actions.close_yes")}
      </button>
      <button type="button" className="room-button" onClick={() => setSure(false)}>
        {t("advice.cancel")}
      </button>
    </div>
  );
}
