import { useQuery } from "@tanstack/react-query";
import { evaluationsApi, statisticsApi, statisticsCsvUrl, type Tally } from "@tongtai/api-client";
import { EmptyState, ErrorState, Panel } from "@tongtai/ui";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { useRecordForm } from "../forms/RecordFields";
import { useErrorText } from "../shell/errors";
import { useLocalName, usePreferences } from "../shell/preferences";
import { Waiting } from "../shell/Waiting";
import { useWords } from "../workflow/words";
import { QualityFilters, useQualityFilter } from "./QualityFilters";
import { type Total, totalsBy } from "./tallies";

/** Counts as bars of one colour: the number stands beside each. */
function Bars({
  title,
  totals,
  name,
}: {
  readonly title: string;
  readonly totals: readonly Total[];
  name(key: string): string;
}) {
  return (
    <Panel title={title}>
      <dl className="quality-bars">
        {totals.map(({ key, count, share }) => (
          <div key={key} className="quality-bars__row">
            <dt>{name(key)}</dt>
            <dd>
              <span className="quality-bars__bar" style={{ width: `${share * 100}%` }} />
            </dd>
            <dd className="quality-bars__count">{count}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** How sessions were rated: given by a hospital, received by a centre; few ratings have no mean. */
function Ratings() {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const form = useRecordForm("session_evaluation");
  const { data } = useQuery({ queryKey: ["evaluations"], queryFn: evaluationsApi.averages });
  if (form === undefined || data === undefined) return null;
  const name = (key: string) => form.fields.find((field) => field.key === key)?.[language] ?? key;
  return (
    <Panel title={t("evaluation.averages")}>
      <p className="shell-dim">{t("evaluation.averagesText")}</p>
      <dl className="quality-bars">
        {data.map(({ item, count, mean }) => (
          <div key={item} className="quality-bars__row">
            <dt>{name(item)}</dt>
            <dd>
              {mean !== null && <span className="quality-bars__bar" style={{ width: `${((mean - 1) / 4) * 100}%` }} />}
            </dd>
            <dd className="quality-bars__count">
              {mean === null ? "–" : mean.toFixed(1)}{" "}
              <span className="shell-dim">{t("evaluation.count", { count })}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** Treated cases by month, technique, service and other institution; the same as a table for a spreadsheet. */
export function StatisticsTab() {
  const { t } = useTranslation("clinical");
  const { t: shell } = useTranslation();
  const errorText = useErrorText();
  const localName = useLocalName();
  const { word } = useWords();
  const [filter, setFilter] = useQualityFilter();
  const query = useQuery({ queryKey: ["statistics", filter], queryFn: () => statisticsApi.tallies(filter) });
  const tallies: readonly Tally[] = query.data ?? [];
  const institutions = new Map(tallies.map(({ institution }) => [institution.id, localName(institution)]));
  const total = tallies.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <QualityFilters filter={filter} set={setFilter}>
        <Button href={statisticsCsvUrl(filter)} download="statistics.csv" data-testid="statistics-csv">
          {t("quality.csv")}
        </Button>
      </QualityFilters>
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <ErrorState title={shell("error.title")} text={errorText(query.error)} />
      ) : total === 0 ? (
        <EmptyState title={t("quality.none")} text={t("quality.noneText")} />
      ) : (
        <>
          <p data-testid="statistics-total">{t("statistics.total", { count: total })}</p>
          <div className="quality-grid">
            <Bars
              title={t("statistics.institution")}
              totals={totalsBy(tallies, ({ institution }) => institution.id)}
              name={(id) => institutions.get(id) ?? id}
            />
            <Bars
              title={t("statistics.technique")}
              totals={totalsBy(tallies, ({ technique }) => technique)}
              name={(code) => word("technique", code)}
            />
            <Bars
              title={t("statistics.service")}
              totals={totalsBy(tallies, ({ service_type }) => service_type)}
              name={(code) => (code === "" ? t("statistics.noService") : word("service", code))}
            />
            <Bars
              title={t("statistics.month")}
              totals={totalsBy(tallies, ({ month }) => month, true)}
              name={(month) => month}
            />
          </div>
        </>
      )}
      <div className="quality-ratings">
        <Ratings />
      </div>
    </>
  );
}
