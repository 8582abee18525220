import type { Score, ScoreInput } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { usePreferences } from "../shell/preferences";
import { numberText, unitText } from "./answers";
import { useFormWords } from "./words";

/** Inputs that the form does not call by the same key. */
const OF_SCORES: ReadonlySet<string> = new Set([
  "encephalopathy_grade",
  "female",
  "performance_status",
  "child_pugh_class",
  "largest_mm",
  "diameters_mm",
]);

function useInputName(): (name: string) => string {
  const { t } = useTranslation("intake");
  const { itemName } = useFormWords();
  return (name) => (OF_SCORES.has(name) ? t(`input.${name}`) : itemName(name));
}

function useValueText(): (value: ScoreInput["given"], unit: string) => string {
  const { t } = useTranslation("intake");
  const { choice } = useFormWords();
  return (value, unit) => {
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    if (typeof value === "number") return `${numberText(value)} ${unitText(unit)}`.trim();
    return value === "slight" || value === "moderate" ? t(`ascites.${value}`) : choice(value);
  };
}

/** "floor 1" and "cap 4" of the formulae, in words. */
function useNoteText(): (note: string) => string {
  const { t } = useTranslation("intake");
  return (note) => {
    const [, bound, value] = /^(floor|cap) (\S+)$/.exec(note) ?? [];
    if (bound !== undefined) return t(`bound.${bound}`, { value });
    return note === "dialysis" ? t("dialysis") : note;
  };
}

function InputRow({ input }: { readonly input: ScoreInput }) {
  const { t } = useTranslation("intake");
  const inputName = useInputName();
  const valueText = useValueText();
  const noteText = useNoteText();
  const given = valueText(input.given, input.given_unit);
  const used = valueText(input.used, input.used_unit);
  return (
    <tr>
      <th scope="row">{inputName(input.name)}</th>
      <td>{given}</td>
      <td>{used === given ? "" : `→ ${used}`}</td>
      <td>
        {input.points !== null && t("points", { count: input.points })}
        {input.note !== null && ` ${noteText(input.note)}`}
      </td>
    </tr>
  );
}

function resultOf(score: Score, gate: (grade: string) => string): string {
  const value = score.value === null ? "" : numberText(score.value);
  const grade = score.grade === null ? "" : gate(score.grade);
  return [value, grade].filter((part) => part !== "").join(" · ");
}

function ScoreRow({ score }: { readonly score: Score }) {
  const { t } = useTranslation("intake");
  const { language } = usePreferences();
  const inputName = useInputName();
  const complete = score.missing.length === 0;
  const result = resultOf(score, (grade) => (grade === "open" || grade === "blocked" ? t(`grade.${grade}`) : grade));
  return (
    <details className="intake-score" data-testid={`score-${score.name}`}>
      <summary>
        <span>{t(`score.${score.name}`)}</span>
        {complete ? (
          <strong data-testid={`result-${score.name}`}>{result}</strong>
        ) : (
          <StateMark level="off">{t("needs", { names: score.missing.map(inputName).join("、") })}</StateMark>
        )}
      </summary>
      {complete && (
        <table>
          <tbody>
            {score.inputs.map((input) => (
              <InputRow key={input.name} input={input} />
            ))}
          </tbody>
        </table>
      )}
      <p>{t(`about.${score.name}`)}</p>
      <p>
        <code>{language === "en" ? score.formula : score.formula_zh}</code>
      </p>
      <p className="shell-dim">
        {t("source")}: {language === "en" ? score.source : score.source_zh}
      </p>
    </details>
  );
}

/** What follows from the answers: each score with its inputs, its formula and where that was published. */
export function ScoresPanel({ scores }: { readonly scores: readonly Score[] }) {
  const { t } = useTranslation("intake");
  return (
    <Panel title={t("scores")}>
      {scores.map((score) => (
        <ScoreRow key={score.name} score={score} />
      ))}
      <p className="shell-dim">{t("scoresNotice")}</p>
    </Panel>
  );
}
