import { useQuery } from "@tanstack/react-query";
import { workflowApi } from "@tongtai/api-client";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";

import { formatDateTime, useLocalName } from "../shell/preferences";

/** Warns that the lead guide or the backup is away when a case is, or is to be, scheduled. */
export function AwayWarning({ caseId, at }: { readonly caseId: string; readonly at: string | undefined }) {
  const { t } = useTranslation();
  const localName = useLocalName();
  const away = useQuery({
    queryKey: ["away", caseId, at],
    queryFn: () => workflowApi.away(caseId, at ?? ""),
    enabled: at !== undefined,
  });
  if (!away.data || away.data.length === 0) return null;
  const people = away.data.map((one) =>
    t("case.awayPerson", { role: t(`role.${one.role}`), name: localName(one), until: formatDateTime(one.until) }),
  );
  return (
    <Alert showIcon type="warning" data-testid="guide-away" title={t("case.away", { people: people.join("；") })} />
  );
}
