import type { SessionSnapshot } from "@tongtai/session-core";
import type { SessionHandle } from "@tongtai/react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { CaseFactsPanel, PlanPanel } from "./CasePanels";
import { CtPanel } from "./CtPanel";

const TABS = ["ct", "plan", "case"] as const;

interface SideTabsProps {
  readonly session: SessionHandle;
  readonly snapshot: SessionSnapshot;
  readonly caseId: string;
}

/** CT, plan and case of the focused room. */
export function SideTabs({ session, snapshot, caseId }: SideTabsProps) {
  const { t } = useTranslation("expert");
  const [tab, setTab] = useState<(typeof TABS)[number]>("ct");
  return (
    <section className="side-tabs">
      <div role="tablist" aria-label={t("tabs.title")}>
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={tab === name}
            data-testid={`tab-${name}`}
            onClick={() => setTab(name)}
          >
            {t(`tabs.${name}`)}
          </button>
        ))}
      </div>
      <div role="tabpanel" className="side-tabs__panel">
        {tab === "ct" && <CtPanel session={session} snapshot={snapshot} caseId={caseId} />}
        {tab === "plan" && <PlanPanel snapshot={snapshot} caseId={caseId} />}
        {tab === "case" && <CaseFactsPanel snapshot={snapshot} />}
      </div>
    </section>
  );
}
