import type { Size } from "@tongtai/geometry";
import { DrawingSurface, ShownSlice, type ShownStroke } from "@tongtai/react";
import type { FrozenPicture, SessionState } from "@tongtai/session-core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface ShownPanelProps {
  readonly caseId: string;
  readonly state: SessionState;
  readonly strokes: readonly ShownStroke[];
}

function Frozen({ picture, strokes }: { readonly picture: FrozenPicture; readonly strokes: readonly ShownStroke[] }) {
  const { t } = useTranslation("room");
  const [size, setSize] = useState<Size | null>(null);
  const { feed, freeze_id, jpeg_data_url } = picture;
  return (
    <div className="room-frozen" data-testid="frozen-picture">
      {jpeg_data_url ? (
        <img
          src={jpeg_data_url}
          alt={t("shown.frozen", { feed: t(`feed.${feed}`, { defaultValue: feed }) })}
          onLoad={({ currentTarget }) =>
            setSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })
          }
        />
      ) : (
        <p className="room-empty">{t("shown.frozen_without_picture")}</p>
      )}
      <span className="room-frozen__word">{t("shown.frozen_word")}</span>
      <DrawingSurface surface={{ kind: "feed", feed, frozen: freeze_id }} strokes={strokes} pictureSize={size} />
    </div>
  );
}

/**
 * What the experts put before the table: a CT slice or a frozen picture, the newer one. A frozen picture never takes
 * the place of the live one: the needle moves in the live picture.
 */
export function ShownPanel({ caseId, state, strokes }: ShownPanelProps) {
  const { t } = useTranslation("room");
  const [frozen] = Object.values(state.frozen).sort((a, b) => b.since_ms - a.since_ms);
  const slice = state.shown_ct;
  const showFrozen = frozen !== undefined && (slice === null || frozen.since_ms > slice.since_ms);
  const shown = showFrozen ? frozen : slice;
  return (
    <section className="room-card room-shown">
      <h2 className="room-shown__title">
        {showFrozen
          ? t("shown.frozen", { feed: t(`feed.${frozen.feed}`, { defaultValue: frozen.feed }) })
          : t("shown.ct")}
      </h2>
      <div className="room-shown__box">
        {showFrozen ? <Frozen key={frozen.freeze_id} picture={frozen} strokes={strokes} /> : null}
        {!showFrozen && slice ? <ShownSlice caseId={caseId} shown={slice} strokes={strokes} /> : null}
        {shown ? null : <p className="room-empty">{t("shown.none")}</p>}
      </div>
    </section>
  );
}
