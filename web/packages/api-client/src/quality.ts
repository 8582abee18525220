import { answered, client } from "./client";
import type { components, operations } from "./schema";

type Schemas = components["schemas"];

export type Indicator = Schemas["IndicatorOut"];
export type CountedCase = Schemas["ListedOut"];
export type QualityFilter = NonNullable<
  operations["list_indicators_api_quality_indicators_get"]["parameters"]["query"]
>;
export type CountedAs = "hit" | "miss" | "excluded";

export const qualityApi = {
  indicators: async (query: QualityFilter) =>
    (await answered(client.GET("/api/quality/indicators", { params: { query } }))).indicators,
  cases: (code: string, mark: CountedAs, filter: QualityFilter) =>
    answered(
      client.GET("/api/quality/indicators/{code}/cases", { params: { path: { code }, query: { ...filter, mark } } }),
    ),
};

function csvUrl(path: string, filter: QualityFilter): string {
  const given = Object.entries(filter).filter(([, value]) => typeof value === "string" && value !== "");
  return `${path}?${new URLSearchParams(given as [string, string][]).toString()}`;
}

/** Addresses of the same numbers as tables. */
export const indicatorsCsvUrl = (filter: QualityFilter): string => csvUrl("/api/quality/indicators.csv", filter);
export const statisticsCsvUrl = (filter: QualityFilter): string => csvUrl("/api/quality/statistics.csv", filter);
