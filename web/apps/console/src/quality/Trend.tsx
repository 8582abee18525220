import type { Indicator } from "@tongtai/api-client";
import { useTranslation } from "react-i18next";

import { percentOf, trendOf } from "./numbers";

const WIDTH = 480;
const HEIGHT = 110;
const LEFT = 44;
const TOP = 8;
const BOTTOM = 20;

const px = (x: number) => LEFT + x * (WIDTH - LEFT - 10);
const py = (y: number) => TOP + y * (HEIGHT - TOP - BOTTOM);

/** The rate month by month, from 0 to 100 %, always on the same scale so that indicators can be compared. */
export function Trend({ months, name }: { readonly months: Indicator["months"]; readonly name: string }) {
  const { t } = useTranslation("clinical");
  const points = trendOf(months);
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return <p className="shell-dim">{t("quality.noTrend")}</p>;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="quality-trend"
      role="img"
      aria-label={t("quality.trendOf", { name })}
    >
      {[0, 0.5, 1].map((rate) => (
        <g key={rate}>
          <line x1={LEFT} x2={WIDTH - 10} y1={py(1 - rate)} y2={py(1 - rate)} className="quality-trend__grid" />
          <text x={LEFT - 6} y={py(1 - rate) + 4} textAnchor="end">
            {rate * 100} %
          </text>
        </g>
      ))}
      <polyline points={points.map(({ x, y }) => `${px(x)},${py(y)}`).join(" ")} className="quality-trend__line" />
      {points.map(({ month, rate, denominator, x, y }) => (
        <circle key={month} cx={px(x)} cy={py(y)} r="4" className="quality-trend__point">
          <title>{`${month}: ${percentOf(rate)} (${denominator})`}</title>
        </circle>
      ))}
      <text x={px(first.x)} y={HEIGHT - 4} textAnchor="start">
        {first.month}
      </text>
      {last.month !== first.month && (
        <text x={px(last.x)} y={HEIGHT - 4} textAnchor="end">
          {last.month}
        </text>
      )}
    </svg>
  );
}
