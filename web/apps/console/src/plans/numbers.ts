/** Numbers of a plan as people read them, always with what they are measured in. */

const DASH = "–";

export const percent = (share: number | null | undefined, digits = 1): string =>
  share === null || share === undefined ? DASH : `${(share * 100).toFixed(digits)} %`;

export const millimetres = (value: number | null | undefined, digits = 1): string =>
  value === null || value === undefined ? DASH : `${withoutMinusZero(value.toFixed(digits))} mm`;

export const millilitres = (value: number | null | undefined): string =>
  value === null || value === undefined ? DASH : `${value.toFixed(1)} ml`;

export const gray = (value: number | null | undefined, digits = 1): string =>
  value === null || value === undefined ? DASH : `${value.toFixed(digits)} Gy`;

export const minutes = (value: number): string => `${Number(value.toFixed(1))} min`;

export const signed = (value: number, digits = 1): string =>
  `${value > 0 ? "+" : ""}${withoutMinusZero(value.toFixed(digits))}`;

const withoutMinusZero = (text: string): string => (Number(text) === 0 ? text.replace("-", "") : text);

/** A number of two plans side by side, in its unit. */
export function inUnit(value: number | string | null, unit: string): string {
  if (value === null) return DASH;
  if (typeof value === "string") return value === "" ? DASH : value;
  if (unit === "share") return percent(value);
  return unit === "" ? String(value) : `${Number(value.toFixed(1))} ${unit}`;
}
