import { type AnyStoredPlan, type Case, planFileUrl, type PlanSummary } from "@tongtai/api-client";
import { Button, Select } from "antd";
import { BookOpen, Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { patientText, TechniqueMark } from "../cases/marks";
import { PlanActButtons } from "./PlanActButtons";
import { PlanStateMark } from "./PlanState";
import { hashOf } from "./queries";

interface PlanHeadProps {
  readonly shown: Case;
  readonly stored: AnyStoredPlan;
  readonly plans: readonly PlanSummary[];
  readonly other: string | null;
  readonly onCompare: (planId: string | null) => void;
}

/** Whose plan this is, how far it has come, and what can be done with it. */
export function PlanHead({ shown, stored, plans, other, onCompare }: PlanHeadProps) {
  const { t } = useTranslation("plan");
  const { t: shell } = useTranslation("shell");
  const { summary } = stored;
  const others = plans.filter(({ id }) => id !== summary.id);
  const book = planFileUrl(shown.id, summary.id, "plan-book.pdf");
  const download = planFileUrl(shown.id, summary.id, "plan-book.pdf", true);
  const hasBook = hashOf(stored, "plan-book.pdf") !== null;
  const patient = patientText(shown.patient, shell);
  return (
    <div className="page-head plan-head">
      <Link to={`/cases/${shown.id}`} data-testid="plan-to-case">
        {shown.number}
      </Link>
      <h1>{t(summary.technique === "seeds" ? "seeds.pageTitle" : "pageTitle")}</h1>
      {patient !== "" && <span>{patient}</span>}
      <TechniqueMark technique={summary.technique} />
      <PlanStateMark summary={summary} />
      <div className="page-head__end">
        {others.length > 0 && (
          <Select
            aria-label={t("compare.choose")}
            data-testid="plan-compare"
            value={other ?? undefined}
            allowClear
            placeholder={t("compare.choose")}
            popupMatchSelectWidth={false}
            onChange={(planId?: string) => onCompare(planId ?? null)}
            options={others.map(({ id, version, state }) => ({
              value: id,
              label: t("compare.with", { version, state: t(`state.${state}`) }),
            }))}
          />
        )}
        {hasBook && (
          <>
            <Button
              href={book}
              target="_blank"
              icon={<BookOpen size={16} aria-hidden="true" />}
              data-testid="book-open"
            >
              {t("book.open")}
            </Button>
            <Button href={download} icon={<Download size={16} aria-hidden="true" />} data-testid="book-download">
              {t("book.download")}
            </Button>
          </>
        )}
        <PlanActButtons shown={shown} summary={summary} />
      </div>
    </div>
  );
}
