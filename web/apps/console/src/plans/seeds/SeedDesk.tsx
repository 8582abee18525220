import type { Case, StoredSeedPlan } from "@tongtai/api-client";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { DeskFrame } from "../DeskFrame";
import { NoPath } from "../NoPath";
import { Proof } from "../Proof";
import { hashOf } from "../queries";
import { type PlanDesk, usePlanDesk } from "../usePlanDesk";
import { Warnings } from "../Warnings";
import { WhyNot } from "../WhyNot";
import { centreOf, seedNear } from "./arrangement";
import { DvhPanel } from "./DvhPanel";
import { GoalsPanel } from "./GoalsPanel";
import { LoadingPanel } from "./LoadingPanel";
import { OrderPanel } from "./OrderPanel";
import { RadiationPanel } from "./RadiationPanel";
import { SeedEditor } from "./SeedEditor";
import { SeedFiles } from "./SeedFiles";
import { SeedPictures } from "./SeedPictures";
import type { Editing } from "./SeedPlanes";
import "./seeds.css";
import { type SeedEdit, useSeedEdit } from "./useSeedEdit";

type Desk = PlanDesk<StoredSeedPlan>;

/** What the pictures know of a change. */
function editingOf(edit: SeedEdit, dose: Editing["dose"], onNeedle: (id: string) => void): Editing {
  const { needles, chosen } = edit.state.present;
  const needle = chosen ? needles[chosen.needle] : undefined;
  return {
    dose,
    seed: chosen && needle ? centreOf(needle, chosen.depth_mm) : null,
    onPlace: (at) => {
      const seed = seedNear(needles, at);
      if (!seed) return;
      edit.choose(seed);
      onNeedle(`N${seed.needle + 1}`);
    },
  };
}

/** Everything that is known of the finished plan. */
function Made({ desk }: { readonly desk: Desk }) {
  const { panel, needle, chooseNeedle, pointAt } = desk;
  const { plan } = panel.stored;
  return (
    <>
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
      <Proof stored={panel.stored} />
    </>
  );
}

/** A plan of seeds: slices across the needles with isodoses, three dimensions, and every number beside them. */
export function SeedDesk({ shown, stored }: { readonly shown: Case; readonly stored: StoredSeedPlan }) {
  const { t } = useTranslation("plan");
  const desk = usePlanDesk(shown, stored);
  const { panel, needle, chooseNeedle, goal, pointAt } = desk;
  const changing = useSeedEdit(shown.id, stored);
  const { edit } = changing;
  const [saved, setSaved] = useState(false);
  const mayEdit =
    shown.permissions.includes("plan_make") && shown.state !== "closed" && hashOf(stored, "seed-desk.npz") !== null;
  const changed = { ...stored, plan: changing.shown };
  const pictures = (
    <SeedPictures
      caseId={panel.caseId}
      stored={changed}
      needle={needle}
      onNeedle={chooseNeedle}
      goal={goal}
      editing={edit ? editingOf(edit, changing.dose, chooseNeedle) : undefined}
    />
  );
  return (
    <DeskFrame desk={desk} testId="seed-plan-page" pictures={pictures}>
      {saved && (
        <Alert
          type="success"
          showIcon
          title={t("seeds.edit.saved")}
          data-testid="seed-edit-saved"
          action={<Link to={`/cases/${shown.id}`}>{t("toCase")}</Link>}
        />
      )}
      {edit ? (
        <>
          <SeedEditor
            plan={stored.plan}
            edit={edit}
            onPoint={pointAt}
            onNeedle={chooseNeedle}
            onSaved={() => {
              setSaved(true);
              edit.close();
            }}
          />
          <GoalsPanel plan={changing.shown} />
          <DvhPanel plan={changing.shown} before={stored.plan} />
          <LoadingPanel
            plan={changing.shown}
            chosen={needle}
            onChoose={chooseNeedle}
            onPoint={pointAt}
            measured={false}
          />
        </>
      ) : (
        <>
          {mayEdit && (
            <Button
              data-testid="seed-edit"
              onClick={() => {
                setSaved(false);
                changing.begin();
              }}
            >
              {t("seeds.edit.begin")}
            </Button>
          )}
          <Made desk={desk} />
        </>
      )}
    </DeskFrame>
  );
}
