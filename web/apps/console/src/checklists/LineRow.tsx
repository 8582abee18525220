import type { CheckLine, CheckSheet, MarkValue } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { Input } from "antd";
import { Check, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { formatDateTime, usePreferences } from "../shell/preferences";
import { useWords } from "../workflow/words";

interface LineProps {
  readonly line: CheckLine;
  readonly sheet: CheckSheet;
  /** Whether this person may answer it now. */
  readonly open: boolean;
  onAnswer(value: MarkValue): void;
}

const clock = (iso: string) => formatDateTime(iso).slice(11);

/** One line: what is asked, the answer as large controls, and who has answered when. */
export function LineRow({ line, sheet, open, onAnswer }: LineProps) {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const { word, lackText } = useWords();
  const mark = sheet.marks[line.key];
  const wrong = sheet.lacks.find(({ code, values }) => values.line === line.key && code !== "line_missing");
  const said = line.equals === "" ? undefined : sheet.marks[line.equals]?.value;
  return (
    <li className="check-line" data-answered={mark !== undefined} data-testid={`line-${line.key}`}>
      <div className="check-line__text">
        <span className="check-line__name">
          {language === "en" ? line.en : line.zh}
          {!line.required && <span className="shell-dim"> {t("check.optional")}</span>}
        </span>
        <span className="shell-dim">
          {line.parties.length > 0 && `${line.parties.map((party) => word("party", party)).join("、")} · `}
          {mark ? t("check.by", { name: mark.by_name, at: clock(mark.at) }) : t("check.notYet")}
        </span>
        {said !== undefined && <span>{t("check.said", { said: String(said) })}</span>}
        {wrong && <StateMark level="bad">{lackText(wrong)}</StateMark>}
      </div>
      <Answer line={line} value={mark?.value} said={said} open={open} onAnswer={onAnswer} />
    </li>
  );
}

interface AnswerProps extends Omit<LineProps, "sheet"> {
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

function rangeOf({ low, high, unit }: CheckLine): string {
  const of = unit === "1" ? "" : ` ${unit}`;
  if (low !== null && high !== null) return `${low}–${high}${of}`;
  if (low !== null) return `≥ ${low}${of}`;
  return high === null ? of.trim() : `≤ ${high}${of}`;
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
