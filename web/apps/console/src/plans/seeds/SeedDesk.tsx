import type { Case, StoredSeedPlan } from "@tongtai/api-client";

import { DeskFrame } from "../DeskFrame";
import { NoPath } from "../NoPath";
import { Proof } from "../Proof";
import { usePlanDesk } from "../usePlanDesk";
import { Warnings } from "../Warnings";
import { WhyNot } from "../WhyNot";
import { DvhPanel } from "./DvhPanel";
import { GoalsPanel } from "./GoalsPanel";
import { LoadingPanel } from "./LoadingPanel";
import { OrderPanel } from "./OrderPanel";
import { RadiationPanel } from "./RadiationPanel";
import { SeedFiles } from "./SeedFiles";
import { SeedPictures } from "./SeedPictures";
import "./seeds.css";

/** A plan of seeds: slices across the needles with isodoses, three dimensions, and every number beside them. */
export function SeedDesk({ shown, stored }: { readonly shown: Case; readonly stored: StoredSeedPlan }) {
  const { plan } = stored;
  const desk = usePlanDesk(shown, stored);
  const { panel, needle, chooseNeedle, goal, pointAt } = desk;
  return (
    <DeskFrame
      desk={desk}
      testId="seed-plan-page"
      pictures={<SeedPictures {...panel} needle={needle} onNeedle={chooseNeedle} goal={goal} />}
    >
      {plan.outcome === "no_safe_path" ? <NoPath plan={plan} /> : <GoalsPanel plan={plan} />}
      {plan.doses && <DvhPanel plan={plan} />}
      {plan.needles.length > 0 && (
        <LoadingPanel plan={plan} chosen={needle} onChoose={chooseNeedle} onPoint={pointAt} />
      )}
      <Warnings plan={plan} />
      {plan.order && <OrderPanel order={plan.order} />}
      {plan.radiation && <RadiationPanel sheet={plan.radiation} />}
      <WhyNot {...panel} onPoint={pointAt} />
      <SeedFiles {...panel} />
      <Proof stored={stored} />
    </DeskFrame>
  );
}
