import { useNames } from "@tongtai/react";
import type { Advice } from "@tongtai/session-core";
import { Check, MessageSquareQuote, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useHotkey } from "../shell/hotkeys";
import { type AdviceView, waitsForAnswer } from "./advice";
import { DeclineForm } from "./DeclineForm";

interface AdviceCardProps {
  readonly view: AdviceView;
  readonly enabled: boolean;
  readonly onCommand: (type: string, payload: Record<string, unknown>) => void;
}

const clock = (ms: number): string => new Date(ms).toLocaleTimeString("zh-CN", { hour12: false });

function Older({ older }: { readonly older: readonly Advice[] }) {
  const { t } = useTranslation("room");
  if (older.length === 0) return null;
  return (
    <details className="room-older">
      <summary>{t("advice.older", { count: older.length })}</summary>
      <ol>
        {older.map((one) => (
          <li key={one.advice_id}>
            {clock(one.given_ms)} {one.text} · {t(`advice.status.${one.status}`)}
          </li>
        ))}
      </ol>
    </details>
  );
}

/** The newest advice very large, with the two largest buttons of the page. The operator decides. */
export function AdviceCard({ view, enabled, onCommand }: AdviceCardProps) {
  const { t } = useTranslation("room");
  const { nameOf } = useNames();
  const [declining, setDeclining] = useState<string | null>(null);
  const { current } = view;
  const open = current !== null && waitsForAnswer(current) && !view.answering;
  const answer = (type: string, more: Record<string, unknown> = {}): void => {
    if (current && enabled) onCommand(type, { advice_id: current.advice_id, ...more });
    setDeclining(null);
  };
  useHotkey("a", () => {
    if (open) answer("advice.accepted");
  });
  useHotkey("x", () => {
    if (open && current) setDeclining(current.advice_id);
  });
  if (!current) {
    return (
      <section className="room-card room-advice" data-testid="advice-empty">
        <p className="room-dim">{t("advice.none")}</p>
        <Older older={view.older} />
      </section>
    );
  }
  const author = nameOf({ name: current.by_name, name_en: current.by_name_en });
  return (
    <section className="room-card room-advice" data-level={current.level} data-open={open} data-testid="advice-current">
      <p className="room-dim" role="status">
        {t(`advice.level.${current.level}`)} · {author} · {clock(current.given_ms)}
      </p>
      <p className="room-advice__text">{current.text}</p>
      {open ? (
        <p className="room-dim">
          {t(current.status === "read_back" ? "advice.was_read_back" : "advice.please_read_back")}
        </p>
      ) : null}
      {open && declining !== current.advice_id ? (
        <div className="room-advice__buttons">
          {current.status === "given" ? (
            <button
              type="button"
              className="room-button"
              data-wide
              disabled={!enabled}
              data-testid="advice-read-back"
              onClick={() => answer("advice.read_back")}
            >
              <MessageSquareQuote size={22} aria-hidden="true" /> {t("advice.read_back")}
            </button>
          ) : null}
          <button
            type="button"
            className="room-button"
            data-tone="good"
            disabled={!enabled}
            data-testid="advice-accept"
            onClick={() => answer("advice.accepted")}
          >
            <Check size={26} aria-hidden="true" /> {t("advice.accept")} <kbd>A</kbd>
          </button>
          <button
            type="button"
            className="room-button"
            disabled={!enabled}
            data-testid="advice-decline"
            onClick={() => setDeclining(current.advice_id)}
          >
            <X size={26} aria-hidden="true" /> {t("advice.decline")} <kbd>X</kbd>
          </button>
        </div>
      ) : null}
      {open && declining === current.advice_id ? (
        <DeclineForm
          onDecline={(reason) => answer("advice.declined", { reason })}
          onCancel={() => setDeclining(null)}
        />
      ) : null}
      {open ? null : (
        <p className="room-advice__answer" data-testid="advice-status">
          {view.answering ? t("advice.sending") : t(`advice.status.${current.status}`)}
          {current.reason ? ` — ${current.reason}` : ""}
          {current.status === "accepted" && !view.answering ? (
            <button type="button" className="room-button" disabled={!enabled} onClick={() => answer("advice.done")}>
              {t("advice.done")}
            </button>
          ) : null}
        </p>
      )}
      <Older older={view.older} />
    </section>
  );
}
