/** Measured values as people read them. */
import type { CheckLine, Measurement } from "@tongtai/api-client";

const unitOf = ({ unit }: Pick<CheckLine, "unit">): string => (unit === "1" || unit === "" ? "" : ` ${unit}`);

/** The limits of a line; `low` of a measurement is one that follows from the case itself. */
export function rangeOf(line: Pick<CheckLine, "low" | "high" | "unit">, found?: Measurement | null): string {
  const low = Math.max(line.low ?? -Infinity, found?.low ?? -Infinity);
  const { high } = line;
  if (Number.isFinite(low) && high !== null) return `${low}–${high}${unitOf(line)}`;
  if (Number.isFinite(low)) return `≥ ${low}${unitOf(line)}`;
  return high === null ? unitOf(line).trim() : `≤ ${high}${unitOf(line)}`;
}

export function valueOf(line: Pick<CheckLine, "unit">, value: number): string {
  return `${Math.round(value * 100) / 100}${unitOf(line)}`;
}
