import type { Indicator } from "@tongtai/api-client";

export const percentOf = (rate: number | null): string => (rate === null ? "–" : `${(rate * 100).toFixed(1)} %`);

export interface TrendPoint {
  readonly month: string;
  readonly rate: number;
  readonly denominator: number;
  /** Place in a drawing of width and height 1, the origin at the top left. */
  readonly x: number;
  readonly y: number;
}

/** The months in their order, as points; a month without a single case has no rate, and no point. */
export function trendOf(months: Indicator["months"]): readonly TrendPoint[] {
  const names = Object.keys(months).sort();
  const last = Math.max(1, names.length - 1);
  return names.flatMap((month, place) => {
    const count = months[month];
    if (count === undefined || count.rate === null) return [];
    return [{ month, rate: count.rate, denominator: count.denominator, x: place / last, y: 1 - count.rate }];
  });
}
