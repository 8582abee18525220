import type { Size } from "@tongtai/geometry";
import { LiveDrawingSurface, ShownSlice, type ShownStroke } from "@tongtai/react";
import type { FrozenPicture, SessionState } from "@tongtai/session-core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { PlanCard } from "../plans/PlanCard";
import { usePlans } from "../plans/queries";

interface ShownPanelProps {
  readonly caseId: string;
  readonly state: SessionState;
  readonly strokes: readonly ShownStroke[];
  readonly named: (name: string) => string;
  readonly mayReadPlan: boolean;
}

interface FrozenProps extends Pick<ShownPanelProps, "caseId" | "strokes" | "named"> {
  readonly picture: FrozenPicture;
}

function Frozen({ caseId, picture, strokes, named }: FrozenProps) {
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
      <LiveDrawingSurface
        caseId={caseId}
        surface={{ kind: "feed", feed, frozen: freeze_id }}
        strokes={strokes}
        named={named}
        pictureSize={size}
      />
    </div>
  );
}

/** The choice between what is shown and the plan holds until the experts show something else. */
function usePlanChoice(shownKey: string, hasPlan: boolean) {
  const [choice, setChoice] = useState<{ readonly key: string; readonly plan: boolean } | null>(null);
  const plan = hasPlan && (choice?.key === shownKey ? choice.plan : shownKey === "");
  return { plan, choose: (next: boolean) => setChoice({ key: shownKey, plan: next }) };
}

/**
 * What the experts put before the table: a CT slice or a frozen picture, the newer one; the plan beside it. A frozen
 * picture never takes the place of the live one: the needle moves in the live picture.
 */
export function ShownPanel({ caseId, state, strokes, named, mayReadPlan }: ShownPanelProps) {
  const { t } = useTranslation("room");
  const [frozen] = Object.values(state.frozen).sort((a, b) => b.since_ms - a.since_ms);
  const slice = state.shown_ct;
  const showFrozen = frozen !== undefined && (slice === null || frozen.since_ms > slice.since_ms);
  const shown = showFrozen ? frozen : slice;
  const shownKey = shown === null ? "" : showFrozen ? frozen.freeze_id : `${shown.since_ms}`;
  const hasPlan = (usePlans(caseId, mayReadPlan).data ?? []).length > 0;
  const { plan, choose } = usePlanChoice(shownKey, hasPlan);
  const title = showFrozen
    ? t("shown.frozen", { feed: t(`feed.${frozen.feed}`, { defaultValue: frozen.feed }) })
    : t("shown.ct");
  return (
    <section className="room-card room-shown">
      <div className="room-shown__head">
        <h2 className="room-shown__title">{plan ? t("shown.plan") : title}</h2>
        {hasPlan ? (
          <span className="room-shown__tabs">
            <button type="button" className="room-tab" aria-pressed={!plan} onClick={() => choose(false)}>
              {t("shown.tab_shown")}
            </button>
            <button
              type="button"
              className="room-tab"
              data-testid="room-plan"
              aria-pressed={plan}
              onClick={() => choose(true)}
            >
              {t("shown.plan")}
            </button>
          </span>
        ) : null}
      </div>
      {plan ? (
        <div className="room-shown__plan">
          <PlanCard caseId={caseId} size="room" />
        </div>
      ) : (
        <div className="room-shown__box">
          {showFrozen ? (
            <Frozen key={frozen.freeze_id} caseId={caseId} picture={frozen} {...{ strokes, named }} />
          ) : null}
          {!showFrozen && slice ? <ShownSlice caseId={caseId} shown={slice} strokes={strokes} /> : null}
          {shown ? null : <p className="room-empty">{t("shown.none")}</p>}
        </div>
      )}
    </section>
  );
}
