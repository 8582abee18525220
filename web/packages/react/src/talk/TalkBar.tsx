import { ToolButton } from "@tongtai/ui";
import { Lock, LockOpen, Mic } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { TalkHandle } from "./useTalk";

interface TalkBarProps {
  readonly talk: TalkHandle;
  readonly rooms: readonly { readonly caseId: string; readonly name: string }[];
}

/** Hold to talk, latch, and to whom. */
export function TalkBar({ talk, rooms }: TalkBarProps) {
  const { t } = useTranslation("expert");
  const { target } = talk.talk;
  return (
    <div className="talk-bar" role="group" aria-label={t("talk.title")}>
      <HoldButton talk={talk} />
      <ToolButton
        icon={talk.talk.latched ? <Lock size={18} /> : <LockOpen size={18} />}
        label={t("talk.latch")}
        pressed={talk.talk.latched}
        keyHint="L"
        aria-keyshortcuts="L"
        data-testid="talk-latch"
        disabled={talk.microphone !== "ready"}
        onClick={talk.toggleLatch}
      />
      <span className="talk-bar__to">{t("talk.to")}</span>
      {(["focused", "some", "all", "experts"] as const).map((name) => (
        <ToolButton
          key={name}
          label={t(`talk.target.${name}`, { count: rooms.length })}
          pressed={target === name}
          data-testid={`talk-target-${name}`}
          onClick={() => {
            talk.choose(name);
          }}
        />
      ))}
      {target === "some" && <RoomChoice talk={talk} rooms={rooms} />}
    </div>
  );
}

function HoldButton({ talk }: { readonly talk: TalkHandle }) {
  const { t } = useTranslation("expert");
  const ready = talk.microphone === "ready";
  const release = () => {
    talk.hold(false);
  };
  return (
    <ToolButton
      className="talk-bar__hold"
      tone="primary"
      icon={<Mic size={18} />}
      label={ready ? t(talk.speaking ? "talk.speaking" : "talk.hold") : t(`talk.microphone.${talk.microphone}`)}
      keyHint={t("key.space")}
      aria-keyshortcuts="Space"
      data-testid="talk"
      pressed={talk.speaking}
      onPointerDown={(event) => {
        if (!ready) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        talk.hold(true);
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onClick={() => {
        if (!ready) talk.askForMicrophone();
      }}
    />
  );
}

function RoomChoice({ talk, rooms }: TalkBarProps) {
  const { t } = useTranslation("expert");
  const { chosen } = talk.talk;
  return (
    <fieldset className="talk-bar__rooms">
      <legend>{t("talk.choose")}</legend>
      {rooms.map(({ caseId, name }) => (
        <label key={caseId}>
          <input
            type="checkbox"
            checked={chosen.includes(caseId)}
            onChange={({ target }) => {
              talk.choose("some", target.checked ? [...chosen, caseId] : chosen.filter((id) => id !== caseId));
            }}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
