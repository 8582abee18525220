import { ShownSlice, type ShownStroke } from "@tongtai/react";
import type { SessionState } from "@tongtai/session-core";
import { Panel } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

interface ShownThenProps {
  readonly caseId: string;
  readonly state: SessionState;
  readonly strokes: readonly ShownStroke[];
}

/** What the experts had put before the table then: a CT slice or a frozen picture, the newer one. */
export function ShownThen({ caseId, state, strokes }: ShownThenProps) {
  const { t: room } = useTranslation("room");
  const [frozen] = Object.values(state.frozen).sort((a, b) => b.since_ms - a.since_ms);
  const slice = state.shown_ct;
  const isFrozen = frozen !== undefined && (slice === null || frozen.since_ms > slice.since_ms);
  if (!isFrozen && slice === null) return null;
  const title = isFrozen
    ? room("shown.frozen", { feed: room(`feed.${frozen.feed}`, { defaultValue: frozen.feed }) })
    : room("shown.ct");
  return (
    <Panel title={title} flush>
      <div className="replay-shown" data-testid="replay-shown">
        {isFrozen
          ? frozen.jpeg_data_url !== null && <img src={frozen.jpeg_data_url} alt={title} />
          : slice !== null && <ShownSlice caseId={caseId} shown={slice} strokes={strokes} live={false} />}
      </div>
    </Panel>
  );
}
