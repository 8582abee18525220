import { planFileUrl, type StoredSeedPlan } from "@tongtai/api-client";
import { Panel } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { hashOf } from "../queries";

/** What other systems and the ward take away: the plan, its lists, the radiotherapy objects. */
const OFFERED = [
  "seed-plan.json",
  "loading.csv",
  "seeds.csv",
  "rt-plan.dcm",
  "rt-structures.dcm",
  "rt-dose.dcm",
  "dose.nii.gz",
  "segmentation.dcm",
] as const;

export function SeedFiles({ caseId, stored }: { readonly caseId: string; readonly stored: StoredSeedPlan }) {
  const { t } = useTranslation("plan");
  return (
    <Panel title={t("seeds.files")}>
      <div className="plan-card__acts" data-testid="seed-files">
        {OFFERED.filter((name) => hashOf(stored, name) !== null).map((name) => (
          <a key={name} className="tt-tool" href={planFileUrl(caseId, stored.summary.id, name, true)}>
            {name}
          </a>
        ))}
      </div>
    </Panel>
  );
}
