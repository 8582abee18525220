/** Between what a form's fields hold and what the server keeps: a minute of one's own time zone is an instant. */
import type { RecordField, RecordForm, RecordValues } from "@tongtai/api-client";

import { localInstant } from "../followup/days";

/** Fields as the server wants them; what is empty is left out. */
export function toWire(form: RecordForm, fields: RecordValues): RecordValues {
  const filled = form.fields.flatMap(({ key, kind }) => {
    const value = fields[key];
    if (value === undefined || value === null || value === "") return [];
    return [[key, kind === "instant" ? new Date(String(value)).toISOString() : value] as const];
  });
  return Object.fromEntries(filled);
}

/** What the server keeps, as fields want it. */
export function toFields(form: RecordForm, values: RecordValues): RecordValues {
  return Object.fromEntries(
    form.fields
      .filter(({ key }) => values[key] !== undefined)
      .map(({ key, kind }) => [key, kind === "instant" ? localInstant(new Date(String(values[key]))) : values[key]]),
  );
}

/** A value in words; undefined when there is none. */
export function textOf(field: RecordField, value: unknown, language: "zh" | "en", yesNo: readonly [string, string]) {
  if (value === undefined || value === null) return undefined;
  const named = (key: unknown) => field.choices.find(({ code }) => code === key)?.[language] ?? String(key);
  switch (field.kind) {
    case "check":
      return yesNo[value === true ? 0 : 1];
    case "choice":
      return named(value);
    case "choices":
      return Array.isArray(value) ? value.map(named).join(language === "zh" ? "、" : ", ") : undefined;
    case "instant":
      return localInstant(new Date(String(value))).replace("T", " ");
    default:
      return String(value);
  }
}
