import { useMutation } from "@tanstack/react-query";
import { type CheckParty, checklistsApi, type CheckSheet } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { Gauge, ListChecks } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Refusal } from "../workflow/Lacks";
import { mayAnswer } from "./sheets";

interface BarProps {
  readonly caseId: string;
  readonly sheet: CheckSheet;
  readonly mine: ReadonlySet<CheckParty>;
  readonly busy: boolean;
  onTake(lines: string[]): void;
}

/** Above the lines: measure the room's lines anew, and take over everything that meets its limit. */
export function MeasureBar({ caseId, sheet, mine, busy, onTake }: BarProps) {
  const { t } = useTranslation("clinical");
  const measure = useMutation({ mutationFn: () => checklistsApi.measure(caseId) });
  const met = sheet.lines
    .filter((line) => sheet.readings[line.key]?.state === "met" && mayAnswer(line, sheet, mine))
    .map(({ key }) => key);
  return (
    <div className="check-measure">
      <button
        type="button"
        className="check-button"
        data-tone="primary"
        data-testid="take-all"
        disabled={busy || met.length === 0}
        onClick={() => onTake(met)}
      >
        <ListChecks size={22} aria-hidden="true" /> {t("measured.takeAll", { count: met.length })}
      </button>
      <button type="button" className="check-button" disabled={measure.isPending} onClick={() => measure.mutate()}>
        <Gauge size={22} aria-hidden="true" /> {t("measured.measure")}
      </button>
      {measure.isSuccess && <StateMark level="info">{t("measured.asked")}</StateMark>}
      <Refusal error={measure.error} />
    </div>
  );
}
