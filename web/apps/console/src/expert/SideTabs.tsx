import type { SessionSnapshot } from "@tongtai/session-core";
import { CtViewer, type SessionHandle } from "@tongtai/react";
import { request, type Series } from "@tongtai/api-client";
import { StateMark, ToolButton } from "@tongtai/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useNotices } from "./notices";
import { CaseFactsPanel, PlanPanel } from "./CasePanels";

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
        {tab === "plan" && <PlanPanel snapshot={snapshot} />}
        {tab === "case" && <CaseFactsPanel snapshot={snapshot} />}
      </div>
    </section>
  );
}

interface KnownSeries {
  readonly study_uid: string;
  readonly series_uid: string;
  readonly description: string;
  readonly received: number;
  readonly expected: number | null;
}

/** The series that the server has, with what is arriving now; the one that came last is first. */
function useSeriesList(caseId: string, snapshot: SessionSnapshot): KnownSeries[] {
  const pushes = Object.values(snapshot.state.pushes).sort((a, b) => b.started_ms - a.started_ms);
  const arriving = pushes.flatMap((push) => Object.values(push.series));
  const { data = [] } = useQuery({
    queryKey: ["series", caseId, pushes.length, arriving.length],
    queryFn: () => request<Series[]>("GET", `/cases/${caseId}/imaging/series`),
  });
  const stored = data.map((series) => ({ ...series, received: series.instances, expected: null }));
  const known = new Map<string, KnownSeries>();
  for (const series of [...arriving, ...stored])
    if (!known.has(series.series_uid)) known.set(series.series_uid, series);
  return [...known.values()];
}

function CtPanel({ session, snapshot, caseId }: SideTabsProps) {
  const { t } = useTranslation("expert");
  const { watch } = useNotices();
  const series = useSeriesList(caseId, snapshot);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = series.find(({ series_uid }) => series_uid === chosen) ?? series[0];
  if (!shown) return <p className="dim">{t("ct.none")}</p>;
  const mayShow = snapshot.case.permissions.includes("session_show_ct");
  const arriving = shown.expected !== null && shown.received < shown.expected;
  return (
    <>
      <div className="ct-panel__head">
        <select aria-label={t("ct.series")} value={shown.series_uid} onChange={({ target }) => setChosen(target.value)}>
          {series.map(({ series_uid, description, received }) => (
            <option key={series_uid} value={series_uid}>
              {description || t("ct.unnamed")} · {received}
            </option>
          ))}
        </select>
        {arriving && (
          <StateMark level="info">{t("ct.arriving", { received: shown.received, expected: shown.expected })}</StateMark>
        )}
        {snapshot.state.shown_ct && (
          <ToolButton
            label={t("ct.hide")}
            data-testid="ct-hide"
            disabled={!mayShow}
            onClick={() => watch(session.send({ type: "ct.hidden", payload: {} }))}
          />
        )}
      </div>
      <div className="ct-panel__view">
        <CtViewer
          key={shown.series_uid}
          caseId={caseId}
          studyUid={shown.study_uid}
          seriesUid={shown.series_uid}
          received={shown.received}
          expected={shown.expected}
          onShow={
            mayShow ? (position) => watch(session.send({ type: "ct.shown", payload: { ...position } })) : undefined
          }
        />
      </div>
    </>
  );
}
