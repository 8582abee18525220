import type { Case, Intake } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Progress } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { formatDateTime } from "../shell/preferences";
import { useWords } from "../workflow/words";
import { useFormWords } from "./words";

interface CompletenessPanelProps {
  readonly shown: Case;
  readonly intake: Intake;
  readonly mark?: ReactNode;
  readonly onItem?: (key: string) => void;
}

const GATES = ["accept", "schedule", "ready"] as const;

/** "x of y", what is missing by the station that it keeps shut, and what will have aged by the operation's day. */
export function CompletenessPanel({ shown, intake, mark, onItem }: CompletenessPanelProps) {
  const { t } = useTranslation("intake");
  const { lackText } = useWords();
  const { itemName } = useFormWords();
  const { present, total, gaps, rules } = intake.today;
  const now = new Set(gaps.map(({ item }) => item));
  const later = intake.at_operation.gaps.filter(({ item }) => !now.has(item));
  const entry = (gap: (typeof gaps)[number]) => {
    const text = gap.code === "item_missing" ? itemName(gap.item) : lackText(gap);
    return (
      <li key={gap.item}>
        {onItem === undefined ? (
          text
        ) : (
          <button
            type="button"
            className="intake-link"
            data-testid={`gap-${gap.item}`}
            onClick={() => {
              onItem(gap.item);
            }}
          >
            {text}
          </button>
        )}
      </li>
    );
  };
  return (
    <Panel title={t("completeness")} actions={mark}>
      <div className="intake-progress" data-testid="completeness" data-present={present} data-total={total}>
        <strong>{t("xOfY", { present, total })}</strong>
        <Progress percent={Math.floor((present / Math.max(total, 1)) * 100)} showInfo={false} />
      </div>
      {rules.map((rule) => (
        <p key={rule.code + JSON.stringify(rule.values)}>
          <StateMark level="bad">{lackText(rule)}</StateMark>
        </p>
      ))}
      {GATES.map((gate) => {
        const mine = gaps.filter((gap) => gap.blocks && gap.gate === gate);
        return (
          mine.length > 0 && (
            <details key={gate} open={gate === "accept"} className="intake-gaps">
              <summary>
                <StateMark level="warn">{t(`gate.${gate}`, { count: mine.length })}</StateMark>
              </summary>
              <ul>{mine.map(entry)}</ul>
            </details>
          )
        );
      })}
      {gaps.some(({ blocks }) => !blocks) && (
        <details className="intake-gaps">
          <summary>
            <StateMark level="info">{t("wished", { count: gaps.filter(({ blocks }) => !blocks).length })}</StateMark>
          </summary>
          <ul>{gaps.filter(({ blocks }) => !blocks).map(entry)}</ul>
        </details>
      )}
      {later.length > 0 && (
        <details className="intake-gaps">
          <summary>
            <StateMark level="info">
              {t("later", { count: later.length, day: formatDateTime(shown.scheduled_at).slice(0, 10) })}
            </StateMark>
          </summary>
          <ul>{later.map(entry)}</ul>
        </details>
      )}
      {gaps.length === 0 && rules.length === 0 && <StateMark level="good">{t("complete")}</StateMark>}
    </Panel>
  );
}
