import { type CtSlice, loadSeries, ViewerError } from "@tongtai/viewer-core";
import { useEffect, useRef, useState } from "react";

import { PacedReader } from "./paced";

export interface SeriesView {
  readonly slices: readonly CtSlice[];
  readonly loading: boolean;
  readonly error: ViewerError | null;
}

const EMPTY: SeriesView = { slices: [], loading: true, error: null };
/** While a series arrives its list is read again at most this often: at first, and when it goes on arriving. */
const REFRESH_MS = 300;
const LATER_REFRESH_MS = 1_500;

export const dicomwebRoot = (caseId: string): string => `/api/cases/${caseId}/dicomweb`;

/** The slices of a series that have arrived; `received` (from the session's events) says when to look again. */
export function useSeries(caseId: string, studyUid: string, seriesUid: string, received?: number): SeriesView {
  const [view, setView] = useState<SeriesView & { readonly of: string }>({ ...EMPTY, of: "" });
  const key = `${caseId}/${studyUid}/${seriesUid}`;
  const reader = useRef<PacedReader | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      try {
        const slices = await loadSeries({ root: dicomwebRoot(caseId), studyUid, seriesUid }, stop.signal);
        setView({ slices, loading: false, error: null, of: key });
      } catch (cause) {
        if (stop.signal.aborted) return;
        const error = cause instanceof ViewerError ? cause : new ViewerError("server_error", String(cause));
        // What has been shown stays: an error of the network does not take the pictures away.
        setView((before) => ({ slices: before.of === key ? before.slices : [], loading: false, error, of: key }));
      }
    };
    const paced = new PacedReader(read, REFRESH_MS, LATER_REFRESH_MS);
    reader.current = paced;
    return () => {
      paced.stop();
      stop.abort();
    };
  }, [caseId, studyUid, seriesUid, key]);
  useEffect(() => reader.current?.ask(), [received, key]);
  return view.of === key ? view : EMPTY;
}
