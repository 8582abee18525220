import { useQuery } from "@tanstack/react-query";
import { type CountedAs, type Indicator, indicatorsCsvUrl, qualityApi, type QualityFilter } from "@tongtai/api-client";
import { EmptyState, ErrorState, Panel } from "@tongtai/ui";
import { Button, Drawer, Radio, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { usePreferences } from "../shell/preferences";
import { Waiting } from "../shell/Waiting";
import { percentOf } from "./numbers";
import { QualityFilters, useQualityFilter } from "./QualityFilters";
import { Trend } from "./Trend";

/** Quality indicators of one's own institution: what is counted, over what, which cases are left out, month by month. */
export function IndicatorsTab() {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const [filter, setFilter] = useQualityFilter();
  const [opened, setOpened] = useState<Indicator>();
  const query = useQuery({ queryKey: ["indicators", filter], queryFn: () => qualityApi.indicators(filter) });
  return (
    <>
      <QualityFilters filter={filter} set={setFilter}>
        <Button href={indicatorsCsvUrl(filter)} download="indicators.csv" data-testid="quality-csv">
          {t("quality.csv")}
        </Button>
      </QualityFilters>
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <ErrorState
          title={word("error.title")}
          text={errorText(query.error)}
          action={<Button onClick={() => void query.refetch()}>{word("retry")}</Button>}
        />
      ) : query.data.every(({ total }) => total.denominator + total.excluded === 0) ? (
        <EmptyState title={t("quality.none")} text={t("quality.noneText")} />
      ) : (
        <div className="quality-grid">
          {query.data.map((indicator) => (
            <Card key={indicator.code} indicator={indicator} onOpen={() => setOpened(indicator)} />
          ))}
        </div>
      )}
      {opened !== undefined && <Cases indicator={opened} filter={filter} onClose={() => setOpened(undefined)} />}
    </>
  );
}

function Card({ indicator, onOpen }: { readonly indicator: Indicator; onOpen(): void }) {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const { total } = indicator;
  return (
    <Panel
      title={indicator.name[language]}
      actions={
        <Button data-testid={`indicator-${indicator.code}`} onClick={onOpen}>
          {t("quality.cases")}
        </Button>
      }
    >
      <p className="quality-rate">
        {percentOf(total.rate)}{" "}
        <span className="shell-dim">
          {t("quality.of", { numerator: total.numerator, denominator: total.denominator })}
          {total.excluded > 0 && ` · ${t("quality.excluded", { count: total.excluded })}`}
        </span>
      </p>
      <Trend months={indicator.months} name={indicator.name[language]} />
      <dl className="facts quality-definition">
        <dt>{t("quality.numerator")}</dt>
        <dd>{indicator.numerator[language]}</dd>
        <dt>{t("quality.denominator")}</dt>
        <dd>{indicator.denominator[language]}</dd>
        <dt>{t("quality.better")}</dt>
        <dd>{t(indicator.higher_is_better ? "quality.higher" : "quality.lower")}</dd>
        <dt>{t("quality.source")}</dt>
        <dd>{indicator.source[language]}</dd>
      </dl>
    </Panel>
  );
}

function Cases({
  indicator,
  filter,
  onClose,
}: {
  readonly indicator: Indicator;
  readonly filter: QualityFilter;
  onClose(): void;
}) {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const errorText = useErrorText();
  const [mark, setMark] = useState<CountedAs>("excluded");
  const query = useQuery({
    queryKey: ["indicator-cases", indicator.code, mark, filter],
    queryFn: () => qualityApi.cases(indicator.code, mark, filter),
  });
  return (
    <Drawer open size="large" title={indicator.name[language]} onClose={onClose} destroyOnHidden>
      <Radio.Group
        optionType="button"
        value={mark}
        onChange={({ target }) => setMark(target.value as CountedAs)}
        options={(["hit", "miss", "excluded"] as const).map((value) => ({ value, label: t(`quality.mark.${value}`) }))}
        style={{ marginBottom: 16 }}
      />
      {query.isError ? (
        <p role="alert">{errorText(query.error)}</p>
      ) : (
        <Table
          rowKey="case_number"
          size="small"
          loading={query.isPending}
          dataSource={query.data}
          locale={{ emptyText: t("quality.noCases") }}
          pagination={{ pageSize: 50, hideOnSinglePage: true }}
          columns={[
            { title: t("quality.number"), dataIndex: "case_number" },
            { title: t("quality.ended"), dataIndex: "ended_on" },
            {
              title: t("quality.why"),
              render: (_, { mark: why }: { mark: string }) => t(`quality.mark.${why}`, { defaultValue: why }),
            },
          ]}
        />
      )}
    </Drawer>
  );
}
