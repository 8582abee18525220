import type { SessionSnapshot } from "@tongtai/session-core";
import type { SessionHandle } from "@tongtai/react";
import { ToolButton } from "@tongtai/ui";
import { Maximize2, Minimize2 } from "lucide-react";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";

import { CaseFactsPanel, PlanPanel } from "./CasePanels";
import { CtPanel } from "./CtPanel";
import { useKeys } from "./hotkeys";

const TABS = ["ct", "plan", "case"] as const;

interface SideTabsProps {
  readonly session: SessionHandle;
  readonly snapshot: SessionSnapshot;
  readonly caseId: string;
}

/** CT, plan and case of the focused room; the CT can have as much of the page as the live picture. */
export function SideTabs({ session, snapshot, caseId }: SideTabsProps) {
  const { t } = useTranslation("expert");
  const [tab, setTab] = useState<(typeof TABS)[number]>("ct");
  const [large, setLarge] = useState(false);
  const panel = useRef<HTMLDivElement>(null);
  const enlarge = () => {
    // Drawn at once, so that the slices have the keyboard when the key comes up.
    flushSync(() => {
      setLarge(tab !== "ct" || !large);
      setTab("ct");
    });
    panel.current?.querySelector<HTMLElement>('[data-testid="ct-viewport"]')?.focus();
  };
  useKeys({ T: enlarge });
  return (
    <section className="side-tabs" data-large={large && tab === "ct"}>
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
        {tab === "ct" && (
          <ToolButton
            icon={large ? <Minimize2 size={18} aria-hidden="true" /> : <Maximize2 size={18} aria-hidden="true" />}
            iconOnly
            label={t(large ? "ct.smaller" : "ct.larger")}
            keyHint="T"
            data-testid="ct-large"
            onClick={enlarge}
          />
        )}
      </div>
      <div role="tabpanel" className="side-tabs__panel" ref={panel}>
        {tab === "ct" && <CtPanel session={session} snapshot={snapshot} caseId={caseId} />}
        {tab === "plan" && <PlanPanel snapshot={snapshot} caseId={caseId} />}
        {tab === "case" && <CaseFactsPanel snapshot={snapshot} />}
      </div>
    </section>
  );
}
