import { useTeamName } from "../shell/preferences";
import type { SessionHandle } from "@tongtai/react";
import { ToolButton } from "@tongtai/ui";
import { ArrowRightLeft, BellRing, OctagonX, TriangleAlert, Users } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useNotices } from "./notices";

interface RoomBannersProps {
  readonly session: SessionHandle;
  readonly userId: string;
  readonly may: (permission: string) => boolean;
}

/** What this room asks of the experts, above its picture. */
export function RoomBanners({ session, userId, may }: RoomBannersProps) {
  const { t } = useTranslation("expert");
  const { watch } = useNotices();
  const state = session.snapshot?.state;
  const named = useTeamName(session.snapshot?.case.team);
  if (!state) return null;
  const send = (type: string, payload = {}) => {
    watch(session.send({ type, payload }));
  };
  const crowded = state.alarms.find(({ code }) => code === "lead_overloaded");
  const stop = state.advice.findLast(({ level }) => level === "stop");
  return (
    <div className="banners">
      {(state.paused || stop?.status === "given") && (
        <Banner level="bad" icon={<OctagonX size={20} />}>
          {t(state.paused ? "banner.paused" : "banner.stopGiven")}
        </Banner>
      )}
      {crowded && (
        <Banner level="warn" icon={<Users size={20} />} testId="lead-overloaded">
          {t("banner.overloaded", { rooms: crowded.values.rooms, limit: crowded.values.limit })}
        </Banner>
      )}
      {state.help && (
        <Banner level="warn" icon={<BellRing size={20} />} testId="help-call">
          {t("banner.help", { name: named(state.help.by_name) })} {state.help.reason}
          <ToolButton
            tone="primary"
            label={t("banner.answer")}
            disabled={!may("session_advise")}
            data-testid="answer-help"
            onClick={() => send("help.answered")}
          />
        </Banner>
      )}
      {state.handover?.to_user_id === userId && (
        <HandoverOffer from={named(state.handover.by_name)} reason={state.handover.reason} send={send} />
      )}
      {state.arbitration?.status === "raised" && (
        <ArbitrationBanner allowed={may("session_handover")} wait_s={state.arbitration.wait_s} send={send} />
      )}
    </div>
  );
}

type Send = (type: string, payload?: Record<string, unknown>) => void;

interface BannerProps {
  readonly level: "bad" | "warn" | "info";
  readonly icon: ReactNode;
  readonly testId?: string;
  readonly children: ReactNode;
}

function Banner({ level, icon, testId, children }: BannerProps) {
  return (
    <div className="banner" data-level={level} data-testid={testId} role="alert">
      {icon}
      {children}
    </div>
  );
}

function HandoverOffer({
  from,
  reason,
  send,
}: {
  readonly from: string;
  readonly reason: string | null;
  readonly send: Send;
}) {
  const { t } = useTranslation("expert");
  return (
    <Banner level="info" icon={<ArrowRightLeft size={20} />} testId="handover-offer">
      {t("handover.offered", { name: from })} {reason}
      <ToolButton
        tone="primary"
        label={t("handover.accept")}
        data-testid="handover-accept"
        onClick={() => send("handover.accepted")}
      />
      <ReasonButton label={t("handover.decline")} onReason={(words) => send("handover.declined", { reason: words })} />
    </Banner>
  );
}

interface ArbitrationProps {
  readonly allowed: boolean;
  readonly wait_s: number;
  readonly send: Send;
}

function ArbitrationBanner({ allowed, wait_s, send }: ArbitrationProps) {
  const { t } = useTranslation("expert");
  return (
    <Banner level="warn" icon={<TriangleAlert size={20} />} testId="arbitration">
      {t("arbitration.text", { minutes: Math.round(wait_s / 60) })}
      {allowed && (
        <ReasonButton
          label={t("arbitration.override")}
          onReason={(words) => send("arbitration.overridden", { reason: words })}
        />
      )}
    </Banner>
  );
}

/** An act that needs words: the button opens a line, Enter sends it. */
function ReasonButton({ label, onReason }: { readonly label: string; readonly onReason: (reason: string) => void }) {
  const { t } = useTranslation("expert");
  const [words, setWords] = useState<string | null>(null);
  if (words === null) return <ToolButton label={label} onClick={() => setWords("")} />;
  const ready = words.trim() !== "";
  return (
    <form
      className="reason"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onReason(words.trim());
      }}
    >
      <input
        autoFocus
        maxLength={500}
        aria-label={t("reason")}
        placeholder={t("reason")}
        value={words}
        onChange={({ target }) => setWords(target.value)}
      />
      <ToolButton type="submit" label={label} disabled={!ready} />
      <ToolButton label={t("cancel")} onClick={() => setWords(null)} />
    </form>
  );
}
