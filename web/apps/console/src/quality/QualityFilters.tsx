import type { QualityFilter, Technique } from "@tongtai/api-client";
import { Input, Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router-dom";

import { useWords } from "../workflow/words";

const TECHNIQUES: readonly Technique[] = ["rfa", "mwa", "seeds"];

/** Days and technique, in the address: a view can be sent to somebody. */
export function useQualityFilter(): [filter: QualityFilter, set: (name: string, value: string) => void] {
  const [search, setSearch] = useSearchParams();
  const given = (name: string) => search.get(name) ?? undefined;
  const technique = TECHNIQUES.find((each) => each === search.get("technique"));
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value === "") next.delete(name);
    else next.set(name, value);
    setSearch(next, { replace: true });
  };
  return [{ since: given("since"), until: given("until"), technique }, set];
}

interface FiltersProps {
  readonly filter: QualityFilter;
  set(name: string, value: string): void;
  /** Buttons beside the filters. */
  readonly children: ReactNode;
}

export function QualityFilters({ filter, set, children }: FiltersProps) {
  const { t } = useTranslation("clinical");
  const { choices } = useWords();
  return (
    <div className="page-filters">
      {(["since", "until"] as const).map((name) => (
        <Input
          key={name}
          type="date"
          aria-label={t(`quality.${name}`)}
          addonBefore={t(`quality.${name}`)}
          value={filter[name] ?? ""}
          onChange={({ target }) => set(name, target.value)}
          className="quality-day"
        />
      ))}
      <Select
        aria-label={t("quality.technique")}
        value={filter.technique ?? ""}
        onChange={(value) => set("technique", value)}
        options={[{ value: "", label: t("quality.allTechniques") }, ...choices("technique")]}
        style={{ minWidth: 160 }}
      />
      {children}
    </div>
  );
}
