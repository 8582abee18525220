import type { Advice, AdviceLevel } from "@tongtai/session-core";
import { formatElapsed, useNames, type SessionHandle } from "@tongtai/react";
import { KeyHint, StateMark, ToolButton } from "@tongtai/ui";
import { Info, MessageSquareText, TriangleAlert } from "lucide-react";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";

import { useTextDraft } from "../shell/drafts";
import { useNotices } from "./notices";
import type { RoomGuard } from "./roomGuard";

const CHIPS = ["withdraw5", "advance5", "cranial5", "caudal5", "energy3", "checkCt"] as const;
const LEVELS = [
  { level: "info", icon: <Info size={16} /> },
  { level: "suggest", icon: <MessageSquareText size={16} /> },
  { level: "caution", icon: <TriangleAlert size={16} /> },
] as const;
const SHOWN = 4;

interface AdviceBoxProps {
  readonly session: SessionHandle;
  readonly guard: RoomGuard;
  readonly feed: string | null;
  readonly allowed: boolean;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly now_ms: number;
}

/** Chips and free text to the focused room, and what became of the last ones. */
export function AdviceBox({ session, guard, feed, allowed, input, now_ms }: AdviceBoxProps) {
  const { t } = useTranslation("expert");
  const [text, setText] = useTextDraft("advice", session.snapshot?.case.id ?? "");
  const give = useGiveAdvice(session, guard, feed);
  const write = (level: AdviceLevel) => {
    const words = text.trim();
    if (words === "") return;
    give(level, words);
    setText("");
  };
  return (
    <section className="advice-box" aria-label={t("advice.title")}>
      <AdviceList advice={session.snapshot?.state.advice ?? []} now_ms={now_ms} />
      <GuardQuestion guard={guard} session={session} />
      <div className="advice-box__chips">
        {CHIPS.map((chip) => (
          <ToolButton
            key={chip}
            label={t(`chip.${chip}`)}
            disabled={!allowed}
            data-testid={`chip-${chip}`}
            onClick={() => {
              give("suggest", t(`chip.${chip}`), chip);
            }}
          />
        ))}
      </div>
      <div className="advice-box__write">
        <input
          ref={input}
          data-testid="advice-text"
          aria-label={t("advice.write")}
          aria-keyshortcuts="A"
          placeholder={t("advice.write")}
          maxLength={500}
          value={text}
          disabled={!allowed}
          onChange={({ target }) => {
            setText(target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
            // The guard takes the focus while this key is still down: without this the same Enter would confirm it.
            event.preventDefault();
            if (!event.repeat) write("suggest");
          }}
        />
        <KeyHint>A</KeyHint>
      </div>
      <div className="advice-box__levels">
        {LEVELS.map(({ level, icon }) => (
          <ToolButton
            key={level}
            icon={icon}
            label={t(`level.${level}`)}
            className={`advice-level-${level}`}
            disabled={!allowed || text.trim() === ""}
            data-testid={`advice-${level}`}
            onClick={() => {
              write(level);
            }}
          />
        ))}
      </div>
    </section>
  );
}

/** Sends an advice to the focused room, after the guard has let it through. */
export function useGiveAdvice(session: SessionHandle, guard: RoomGuard, feed: string | null) {
  const { watch } = useNotices();
  return (level: AdviceLevel, text: string, chip?: string) => {
    const payload = {
      advice_id: crypto.randomUUID(),
      level,
      text,
      ...(chip ? { chip } : {}),
      ...(feed ? { ref: { feed } } : {}),
    };
    const send = () => {
      watch(session.send({ type: "advice.given", payload }));
    };
    guard.guard({ send, what: text });
  };
}

function GuardQuestion({ guard, session }: { readonly guard: RoomGuard; readonly session: SessionHandle }) {
  const { t } = useTranslation("expert");
  const { roomOf } = useNames();
  if (!guard.waiting || !session.snapshot) return null;
  const room = roomOf(session.snapshot.case);
  return (
    <div
      className="guard"
      role="alertdialog"
      aria-label={t("guard.title")}
      onKeyDown={(event) => {
        if (event.key === "Escape") guard.cancel();
        // A key that is held down from before has not read the room's name.
        if (event.repeat) event.preventDefault();
      }}
    >
      <p>{t("guard.text", { what: guard.waiting.what })}</p>
      <ToolButton
        autoFocus
        tone="primary"
        label={t("guard.confirm", { room })}
        keyHint="Enter"
        data-testid="guard-confirm"
        onClick={guard.confirm}
      />
      <ToolButton label={t("cancel")} keyHint="Esc" onClick={guard.cancel} />
    </div>
  );
}

const MARKS = {
  given: "warn",
  read_back: "info",
  accepted: "good",
  done: "good",
  declined: "bad",
  superseded: "off",
  expired: "off",
} as const;

function AdviceList({ advice, now_ms }: { readonly advice: readonly Advice[]; readonly now_ms: number }) {
  const { t } = useTranslation("expert");
  const newest = advice.slice(-SHOWN).reverse();
  if (newest.length === 0) return <p className="dim">{t("advice.none")}</p>;
  return (
    <ol className="advice-list" data-testid="advice-list">
      {newest.map((item) => (
        <li key={item.advice_id} data-level={item.level} data-status={item.status} data-testid="advice-item">
          <span className="advice-list__text">
            <strong>{t(`level.${item.level}`)}</strong> {item.text}
          </span>
          <StateMark level={MARKS[item.status]}>
            {t(item.level === "stop" ? `stopStatus.${item.status}` : `status.${item.status}`)}
            {item.reason !== null && `：${item.reason}`}
            {item.status === "given" && ` ${formatElapsed(now_ms - item.given_ms)}`}
          </StateMark>
        </li>
      ))}
    </ol>
  );
}
