import type { Publisher } from "@tongtai/react";
import type { HelpCall } from "@tongtai/session-core";
import { LifeBuoy, Mic, MicOff } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useHotkey } from "../shell/hotkeys";

interface RoomActionsProps {
  readonly publisher: Publisher;
  readonly help: HelpCall | null;
  readonly canHelp: boolean;
  readonly onHelp: () => void;
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

/** Mute and "need help now": always there, always at the same place. */
export function RoomActions({ publisher, help, canHelp, onHelp }: RoomActionsProps) {
  const { t } = useTranslation("room");
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
    </div>
  );
}
