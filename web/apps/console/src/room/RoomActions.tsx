import type { Publisher } from "@tongtai/react";
import type { HelpCall } from "@tongtai/session-core";
import { CircleStop, LifeBuoy, Mic, MicOff } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useHotkey } from "../shell/hotkeys";

interface RoomActionsProps {
  readonly publisher: Publisher;
  readonly help: HelpCall | null;
  readonly canHelp: boolean;
  readonly canClose: boolean;
  readonly onHelp: () => void;
  readonly onClose: () => void;
}

function MuteButton({ publisher }: { readonly publisher: Publisher }) {
  const { t } = useTranslation("room");
  const { microphone, microphoneOpen } = publisher;
  const toggle = (): void => {
    if (microphone) publisher.setMicrophoneOpen(!microphoneOpen);
    else void publisher.useMicrophone(null);
  };
  useHotkey("m", toggle);
  const heard = microphone !== null && microphoneOpen;
  const code = microphone === null ? "no_microphone" : heard ? "mute" : "unmute";
  return (
    <button
      type="button"
      className="room-button"
      data-tone={heard ? undefined : "warn"}
      data-testid="mute"
      aria-pressed={!heard}
      onClick={toggle}
    >
      {heard ? <Mic size={24} aria-hidden="true" /> : <MicOff size={24} aria-hidden="true" />} {t(`actions.${code}`)}{" "}
      <kbd>M</kbd>
    </button>
  );
}

/** Mute, "need help now", and the end of the session. */
export function RoomActions({ publisher, help, canHelp, canClose, onHelp, onClose }: RoomActionsProps) {
  const { t } = useTranslation("room");
  const [closing, setClosing] = useState(false);
  useHotkey("h", () => {
    if (canHelp && !help) onHelp();
  });
  return (
    <div className="room-actions">
      <MuteButton publisher={publisher} />
      <button
        type="button"
        className="room-button"
        data-tone="help"
        data-testid="help"
        disabled={!canHelp || help !== null}
        onClick={onHelp}
      >
        <LifeBuoy size={24} aria-hidden="true" /> {t(help ? "actions.help_called" : "actions.help")} <kbd>H</kbd>
      </button>
      {closing ? (
        <div className="room-close" role="group" aria-label={t("actions.close")}>
          <span>{t("actions.close_sure")}</span>
          <button
            type="button"
            className="room-button"
            data-tone="warn"
            data-testid="session-close-confirm"
            onClick={onClose}
          >
            {t("actions.close_yes")}
          </button>
          <button type="button" className="room-button" onClick={() => setClosing(false)}>
            {t("advice.cancel")}
          </button>
        </div>
      ) : (
        <button
          type="button"
          className="room-button"
          data-quiet
          data-testid="session-close"
          disabled={!canClose}
          onClick={() => setClosing(true)}
        >
          <CircleStop size={20} aria-hidden="true" /> {t("actions.close")}
        </button>
      )}
    </div>
  );
}
