import { DatePicker, Input, Segmented, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";

import { FEATURES } from "./filters";

interface AuditFiltersProps {
  readonly search: URLSearchParams;
  readonly set: (name: string, value: string) => void;
}

const DAY = "YYYY-MM-DD";

/** Case, person, part of the product, refusals only, from which day to which. */
export function AuditFilters({ search, set }: AuditFiltersProps) {
  const { t } = useTranslation();
  return (
    <div className="page-filters" role="search" style={{ marginBottom: 0 }}>
      {(["case", "actor"] as const).map((name) => (
        <Input.Search
          key={name}
          allowClear
          defaultValue={search.get(name) ?? ""}
          placeholder={t(`audit.filter.${name}`)}
          aria-label={t(`audit.filter.${name}`)}
          style={{ width: 210 }}
          onSearch={(value) => {
            set(name, value);
          }}
        />
      ))}
      <Select
        value={search.get("feature") ?? ""}
        aria-label={t("audit.filter.feature")}
        style={{ minWidth: 170 }}
        options={["", ...FEATURES].map((value) => ({
          value,
          label: t(value === "" ? "audit.filter.anyFeature" : `auditFeature.${value}`),
        }))}
        onChange={(value) => {
          set("feature", value);
        }}
      />
      <Segmented
        value={search.get("outcome") ?? ""}
        aria-label={t("audit.outcome")}
        options={["", "denied"].map((value) => ({
          value,
          label: t(value === "" ? "audit.filter.anyOutcome" : "audit.denied"),
        }))}
        onChange={(value) => {
          set("outcome", value);
        }}
      />
      {(["since", "until"] as const).map((name) => (
        <DatePicker
          key={name}
          value={search.has(name) ? dayjs(search.get(name)) : null}
          placeholder={t(`audit.filter.${name}`)}
          aria-label={t(`audit.filter.${name}`)}
          format={DAY}
          onChange={(day) => {
            set(name, day ? day.format(DAY) : "");
          }}
        />
      ))}
    </div>
  );
}
