import type { AnyPlanDocument } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { usePreferences } from "../shell/preferences";
import { useNameOf } from "./names";
import { isSerious, sentenceOf } from "./sentences";

/** What can harm first, what makes the plan doubtful below it, what no plan knows at the end. */
export function Warnings({ plan }: { readonly plan: AnyPlanDocument }) {
  const { t } = useTranslation("plan");
  const { language } = usePreferences();
  const nameOf = useNameOf(plan);
  const ordered = [...plan.warnings].sort((a, b) => Number(isSerious(b)) - Number(isSerious(a)));
  return (
    <Panel title={t("warning.title", { number: ordered.length })}>
      {ordered.length === 0 && <p className="shell-dim">{t("warning.none")}</p>}
      <ul className="plan-warnings" data-testid="plan-warnings">
        {ordered.map((warning) => (
          <li key={warning.code + warning.text}>
            <StateMark level={isSerious(warning) ? "bad" : "warn"}>
              {t(isSerious(warning) ? "warning.serious" : "warning.doubtful")}
            </StateMark>
            <span>{sentenceOf(warning, language, nameOf)}</span>
          </li>
        ))}
      </ul>
      <details className="plan-limits" open={"seed" in plan}>
        <summary>{t("warning.limits")}</summary>
        <ul>
          {plan.limits.map((limit) => (
            <li key={limit.code}>{sentenceOf(limit, language, nameOf)}</li>
          ))}
        </ul>
      </details>
    </Panel>
  );
}
