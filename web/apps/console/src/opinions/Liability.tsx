import type { Case } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { useWay } from "../workflow/queries";
import { useWords } from "../workflow/words";

/** Who answers to the patient, and where a dispute is brought: printed on every paper, shown here first. */
export function Liability({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("clinical");
  const { word } = useWords();
  const way = useWay(shown.id);
  if (!way.data) return null;
  const { service_type: service, liable, dispute_authority: authority } = way.data;
  return (
    <dl className="facts" data-testid="liability">
      <dt>{t("opinion.service")}</dt>
      <dd>{word("service", service)}</dd>
      <dt>{t("opinion.liable")}</dt>
      <dd>{liable.map((role) => word("party_role", role)).join("、")}</dd>
      <dt>{t("opinion.dispute")}</dt>
      <dd>{authority === "" ? <StateMark level="warn">{t("opinion.noAuthority")}</StateMark> : authority}</dd>
    </dl>
  );
}
