import type { AnyStoredPlan } from "@tongtai/api-client";
import type { PointLpsMm } from "@tongtai/geometry";
import { type SkinMapColours, SkinMapPicture } from "@tongtai/react/plan";
import type { SkinState } from "@tongtai/viewer-core/plan";
import { Panel, StateMark } from "@tongtai/ui";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useNameOf } from "./names";
import { percent } from "./numbers";
import { useSkinMap } from "./queries";
import { needleLine } from "./scene";
import { skinColours } from "./skinColours";

interface WhyNotProps {
  readonly caseId: string;
  readonly stored: AnyStoredPlan;
  readonly onPoint: (at: PointLpsMm) => void;
}

/** What closes most is named in words; the rest is in the map. */
const NAMED = 4;

function Legend({ colours, nameOf }: { readonly colours: SkinMapColours; readonly nameOf: (name: string) => string }) {
  const { t } = useTranslation("plan");
  return (
    <ul className="plan-legend">
      <li>
        <i style={{ background: colours.open }} /> {t("skin.open")}
      </li>
      {[...colours.closed].map(([name, colour]) => (
        <li key={name}>
          <i style={{ background: colour }} /> {nameOf(name)}
        </li>
      ))}
    </ul>
  );
}

/** The skin unrolled: where a needle may enter, and what closes the rest. */
export function WhyNot({ caseId, stored, onPoint }: WhyNotProps) {
  const { t } = useTranslation("plan");
  const { plan } = stored;
  const { reach } = plan;
  const nameOf = useNameOf(plan);
  const map = useSkinMap(caseId, stored);
  const [asked, setAsked] = useState<SkinState | null>(null);
  const colours = useMemo(() => skinColours(reach), [reach]);
  const entries = useMemo(() => plan.needles.map(needleLine).map(({ id, entry }) => ({ id, at: entry })), [plan]);
  const most = [...reach.blocked].sort((a, b) => b.first_cm2 - a.first_cm2).slice(0, NAMED);
  const summary = [
    t("skin.share", { share: percent(reach.open_share), cm2: reach.open_cm2.toFixed(0) }),
    ...most
      .filter(({ first_cm2 }) => first_cm2 > 0)
      .map(({ constraint, first_cm2 }) => `${nameOf(constraint)} ${percent(first_cm2 / reach.skin_cm2, 0)}`),
  ];
  return (
    <Panel title={t("skin.title")}>
      <p className="plan-skin__summary">{summary.join(" · ")}</p>
      {map.data ? (
        <SkinMapPicture
          map={map.data}
          colours={colours}
          entries={entries}
          onCell={(state, place) => {
            setAsked(state);
            if (place) onPoint(place);
          }}
        />
      ) : (
        <p className="shell-dim">
          {t(map.error ? "skin.failed" : map.isPending && map.isFetching ? "loading" : "skin.missing")}
        </p>
      )}
      {map.data && (
        <p className="plan-skin__answer" role="status" data-testid="skin-answer">
          {asked === null ? (
            t("skin.ask")
          ) : asked.kind === "closed" ? (
            <StateMark level="bad">{t("skin.closed", { name: nameOf(asked.constraint) })}</StateMark>
          ) : asked.kind === "open" ? (
            <StateMark level="good">{t("skin.isOpen")}</StateMark>
          ) : (
            t("skin.noSkin")
          )}
        </p>
      )}
      {map.data && <Legend colours={colours} nameOf={nameOf} />}
    </Panel>
  );
}
