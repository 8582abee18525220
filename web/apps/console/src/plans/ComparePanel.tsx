import type { AnyStoredPlan, ComparedRow, PlanSummary } from "@tongtai/api-client";
import { ErrorState, Panel } from "@tongtai/ui";
import { Button, Table } from "antd";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { inUnit } from "./numbers";
import { useComparison } from "./queries";

interface ComparePanelProps {
  readonly caseId: string;
  readonly stored: AnyStoredPlan;
  readonly plans: readonly PlanSummary[];
  readonly other: string;
  readonly onClose: () => void;
}

/** The numbers of two versions side by side; what differs is bold. */
export function ComparePanel({ caseId, stored, plans, other, onClose }: ComparePanelProps) {
  const { t } = useTranslation("plan");
  const errorText = useErrorText();
  const { data, error, isPending } = useComparison(caseId, stored.summary.id, other);
  const version = plans.find(({ id }) => id === other)?.version ?? 0;
  return (
    <Panel
      title={t("compare.title", { one: version, other: stored.summary.version })}
      actions={<Button onClick={onClose}>{t("form.close")}</Button>}
      flush
    >
      {error ? (
        <ErrorState title={t("failed")} text={errorText(error)} />
      ) : (
        <Table<ComparedRow>
          rowKey="key"
          size="small"
          loading={isPending}
          locale={{ emptyText: " " }}
          pagination={false}
          dataSource={data}
          rowClassName={({ a, b }) => (a === b ? "" : "plan-differs")}
          columns={[
            { title: "", render: (_, { key }) => t(`compared.${key}`, { defaultValue: key }) },
            { title: `v${version}`, align: "right", render: (_, { key, a, unit }) => words(key, inUnit(a, unit)) },
            {
              title: `v${stored.summary.version}`,
              align: "right",
              render: (_, { key, b, unit }) => words(key, inUnit(b, unit)),
            },
          ]}
        />
      )}
    </Panel>
  );

  function words(key: string, text: string): string {
    return key === "outcome" ? t(`outcome.${text}`, { defaultValue: text }) : text;
  }
}
