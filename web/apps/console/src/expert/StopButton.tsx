import { ToolButton } from "@tongtai/ui";
import { OctagonX } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

/** A slip of the hand is shorter than this. */
const HOLD_MS = 400;

interface StopButtonProps {
  readonly room: string;
  readonly disabled: boolean;
  readonly onStop: () => void;
}

/** Asks the room to pause; the operator decides. Held for 0.4 s by mouse, touch or Enter, or ⇧S. */
export function StopButton({ room, disabled, onStop }: StopButtonProps) {
  const { t } = useTranslation("expert");
  const timer = useRef<number | undefined>(undefined);
  const [held, setHeld] = useState(false);
  const release = () => {
    window.clearTimeout(timer.current);
    setHeld(false);
  };
  const hold = () => {
    window.clearTimeout(timer.current);
    setHeld(true);
    timer.current = window.setTimeout(() => {
      setHeld(false);
      onStop();
    }, HOLD_MS);
  };
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
    },
    [],
  );
  return (
    <ToolButton
      className="stop-button"
      data-held={held}
      data-testid="stop"
      tone="danger"
      icon={<OctagonX size={20} />}
      label={held ? t("stop.holding") : t("stop.label", { room })}
      title={t("stop.title", { room })}
      keyHint="⇧S"
      aria-keyshortcuts="Shift+S"
      disabled={disabled}
      onPointerDown={hold}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.repeat) hold();
      }}
      onKeyUp={release}
      onBlur={release}
    />
  );
}
