import { request, type Series } from "@tongtai/api-client";
import {
  authorColour,
  CtViewer,
  type DrawingTool,
  type SessionHandle,
  type SlicePosition,
  warmUpCt,
} from "@tongtai/react";
import type { SessionSnapshot } from "@tongtai/session-core";
import { StateMark, ToolButton } from "@tongtai/ui";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { DrawingTools } from "./DrawingTools";
import { useNotices } from "./notices";
import { useSurfaceDrawing } from "./surfaceDrawing";

interface CtPanelProps {
  readonly session: SessionHandle;
  readonly snapshot: SessionSnapshot;
  readonly caseId: string;
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

/** The case's CT: choose a series, look, draw on a slice, show it to the room. */
export function CtPanel({ session, snapshot, caseId }: CtPanelProps) {
  const { t } = useTranslation("expert");
  const { watch } = useNotices();
  const series = useSeriesList(caseId, snapshot);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = series.find(({ series_uid }) => series_uid === chosen) ?? series[0];
  useEffect(() => void warmUpCt(), []);
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
      <DrawableSeries key={shown.series_uid} {...{ session, snapshot, caseId }} series={shown} mayShow={mayShow} />
    </>
  );
}

interface DrawableSeriesProps extends CtPanelProps {
  readonly series: KnownSeries;
  readonly mayShow: boolean;
}

/** One series with everybody's drawings on the slice that is looked at. */
function DrawableSeries({ session, snapshot, caseId, series, mayShow }: DrawableSeriesProps) {
  const { t } = useTranslation("expert");
  const { watch } = useNotices();
  const [tool, setTool] = useState<DrawingTool | null>(null);
  const [slice, setSlice] = useState<SlicePosition | null>(null);
  const { study_uid, series_uid } = series;
  const drawing = useSurfaceDrawing(session, caseId, {
    kind: "slice",
    series_uid,
    sop_uid: slice?.sop_uid ?? "",
    frame: slice?.frame ?? 1,
  });
  const mayDraw = snapshot.state.phase === "open" && snapshot.case.permissions.includes("session_draw");
  const onShow = (position: SlicePosition) => watch(session.send({ type: "ct.shown", payload: { ...position } }));
  return (
    <>
      <div className="ct-panel__draw">
        <DrawingTools {...{ tool, drawing }} target="slice" onTool={setTool} disabled={!mayDraw || slice === null} />
        {drawing.any && !isShown(snapshot, slice) && <StateMark level="info">{t("ct.drawnNotShown")}</StateMark>}
      </div>
      <div className="ct-panel__view">
        <CtViewer
          caseId={caseId}
          studyUid={study_uid}
          seriesUid={series_uid}
          received={series.received}
          expected={series.expected}
          onSlice={setSlice}
          onShow={mayShow ? onShow : undefined}
          drawing={{
            strokes: drawing.strokes,
            tool: mayDraw ? tool : null,
            colour: authorColour(drawing.author.id),
            author: drawing.author,
            onStroke: drawing.add,
            onPartial: drawing.partial,
          }}
        />
      </div>
    </>
  );
}

/** Whether the room sees this slice, and with it what is drawn on it. */
function isShown({ state }: SessionSnapshot, slice: SlicePosition | null): boolean {
  const { shown_ct: shown } = state;
  return shown !== null && shown.sop_uid === slice?.sop_uid && shown.frame === slice.frame;
}
