import type { CheckLine, CheckSheet, MarkValue } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { Input } from "antd";
import { Check, Gauge, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { formatDateTime, usePreferences } from "../shell/preferences";
import { useWords } from "../workflow/words";
import { MarkOrigin, ReadingText, ReasonDialog } from "./Measured";
import { rangeOf } from "./measuredText";

interface LineProps {
  readonly line: CheckLine;
  readonly sheet: CheckSheet;
  /** A person's name in the page's language. */
  readonly named: (name: string) => string;
  /** Whether this person may answer it now. */
  readonly open: boolean;
  /** By hand; with a reason where a measurement misses its limit. */
  onAnswer(value: MarkValue, reason?: string): void;
  /** Takes over what was measured. */
  onTake(reason?: string): void;
}

const clock = (iso: string) => formatDateTime(iso).slice(11);

/** One line: what is asked, the answer as large controls, and who has answered when. */
export function LineRow({ line, sheet, named, open, onAnswer, onTake }: LineProps) {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const { word, lackText } = useWords();
  const mark = sheet.marks[line.key];
  const wrong = sheet.lacks.find(({ code, values }) => values.line === line.key && code !== "line_missing");
  const reading = sheet.readings[line.key];
  const missed = reading?.state === "not_met";
  const [asking, setAsking] = useState<(reason: string) => void>();
  const answer = (value: MarkValue) => {
    if (!missed || value === false) onAnswer(value);
    else setAsking(() => (reason: string) => onAnswer(value, reason));
  };
  const said = line.equals === "" ? undefined : sheet.marks[line.equals]?.value;
  return (
    <li
      className="check-line"
      data-answered={mark !== undefined}
      data-measured={reading !== undefined}
      data-testid={`line-${line.key}`}
    >
      <div className="check-line__text">
        <span className="check-line__name">
          {language === "en" ? line.en : line.zh}
          {!line.required && <span className="shell-dim"> {t("check.optional")}</span>}
        </span>
        <span className="shell-dim">
          {line.parties.length > 0 && `${line.parties.map((party) => word("party", party)).join("、")} · `}
          {mark ? t("check.by", { name: named(mark.by_name), at: clock(mark.at) }) : t("check.notYet")}
        </span>
        {said !== undefined && <span>{t("check.said", { said: String(said) })}</span>}
        {mark && <MarkOrigin {...{ line, mark, named }} />}
        {reading && <ReadingText line={line} reading={reading} />}
        {wrong && <StateMark level="bad">{lackText(wrong)}</StateMark>}
      </div>
      <div className="check-line__answers">
        {open && reading?.found && reading.state !== "stale" && (
          <button
            type="button"
            className="check-button"
            data-testid={`take-${line.key}`}
            onClick={() => (missed ? setAsking(() => (reason: string) => onTake(reason)) : onTake())}
          >
            <Gauge size={22} aria-hidden="true" /> {t(missed ? "measured.override" : "measured.take")}
          </button>
        )}
        <Answer line={line} value={mark?.value} said={said} open={open} onAnswer={answer} />
      </div>
      {asking && (
        <ReasonDialog
          line={line}
          onReason={(reason) => {
            asking(reason);
            setAsking(undefined);
          }}
          onClose={() => setAsking(undefined)}
        />
      )}
    </li>
  );
}

interface AnswerProps extends Pick<LineProps, "line" | "open"> {
  onAnswer(value: MarkValue): void;
  readonly value: MarkValue | undefined;
  /** What the line that this one repeats says. */
  readonly said: MarkValue | undefined;
}

function Answer({ line, value, said, open, onAnswer }: AnswerProps) {
  const { t } = useTranslation("clinical");
  if (line.kind === "check") {
    return (
      <div className="check-line__answer" role="group">
        <button
          type="button"
          className="check-button"
          aria-pressed={value === true}
          data-tone="good"
          disabled={!open}
          onClick={() => onAnswer(true)}
        >
          <Check size={22} aria-hidden="true" /> {t("check.yes")}
        </button>
        <button
          type="button"
          className="check-button"
          aria-pressed={value === false}
          data-tone="bad"
          disabled={!open}
          onClick={() => onAnswer(false)}
        >
          <X size={22} aria-hidden="true" /> {t("check.no")}
        </button>
      </div>
    );
  }
  return (
    <div className="check-line__answer">
      {said !== undefined && value === undefined && open && (
        <button type="button" className="check-button" data-tone="good" onClick={() => onAnswer(said)}>
          <Check size={22} aria-hidden="true" /> {t("check.readBack")}
        </button>
      )}
      <WrittenAnswer key={String(value ?? "")} line={line} value={value} open={open} onAnswer={onAnswer} />
    </div>
  );
}

/** A number or a text; sent when the field is left or Enter is pressed. */
function WrittenAnswer({ line, value, open, onAnswer }: Omit<AnswerProps, "said">) {
  const { language } = usePreferences();
  const [typed, setTyped] = useState(value === undefined ? "" : String(value));
  const number = line.kind === "number";
  const send = () => {
    const text = typed.trim();
    if (text === "" || text === String(value ?? "")) return;
    onAnswer(number ? Number(text.replace(",", ".")) : text);
  };
  return (
    <Input
      size="large"
      className="check-input"
      inputMode={number ? "decimal" : "text"}
      type={number ? "number" : "text"}
      aria-label={language === "en" ? line.en : line.zh}
      placeholder={number ? rangeOf(line) : undefined}
      suffix={number ? <span className="shell-dim">{line.unit === "1" ? "" : line.unit}</span> : undefined}
      value={typed}
      disabled={!open}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={send}
      onPressEnter={send}
    />
  );
}
