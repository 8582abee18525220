/** Answers of the intake form: as they are typed, as they are kept, and how the two are compared. */
import type { GivenAnswer, IntakeAnswer, IntakeItem } from "@tongtai/api-client";

const NUMBER = /^[<>≤≥=]?\s*-?\d+(?:\.\d+)?$/;

/** What somebody typed as a number, with full-width digits and a decimal comma put right; null: it is none. */
export function plainNumber(text: string): string | null {
  const plain = text
    .normalize("NFKC")
    .trim()
    .replace(/(\d),(\d)/, "$1.$2");
  return NUMBER.test(plain) ? plain : null;
}

/** A kept answer as it was given. */
export function givenOf(answer: IntakeAnswer): GivenAnswer {
  return {
    value: answer.given_value === "" ? answer.value : answer.given_value,
    unit: answer.given_unit,
    observed_on: answer.observed_on,
    confirmed: answer.confirmed,
  };
}

/** Whether two answers say the same; nothing said is like nothing there. */
export function sameAnswer(one: GivenAnswer | undefined, other: GivenAnswer | undefined): boolean {
  const key = (given: GivenAnswer | undefined) =>
    given === undefined || given.value === null
      ? "null"
      : JSON.stringify([String(given.value), given.unit, given.observed_on ?? null, given.confirmed]);
  return key(one) === key(other);
}

/** Units in which an item may be given, its own first. */
export const unitsOf = (item: IntakeItem): readonly string[] =>
  item.unit === "" || item.unit === "1" ? [] : [item.unit, ...Object.keys(item.units)];

/** UCUM codes as laboratories print them. */
const PRINTED: readonly (readonly [RegExp, string])[] = [
  [/10[*^]9/, "×10⁹"],
  [/10\*3/, "×10³"],
  [/^u(?=mol|g|kat)/, "µ"],
  [/uL/, "µL"],
  [/\/m2/, "/m²"],
  [/1\.73m2/, "1.73 m²"],
];

/** How a unit is printed; nothing for a plain number. */
export const unitText = (unit: string): string =>
  unit === "1" ? "" : PRINTED.reduce((text, [code, printed]) => text.replace(code, printed), unit);

/** A number as it is read: no more digits than a laboratory gives. */
export const numberText = (value: number): string => String(Number(value.toPrecision(4)));

/** What a given number is in the item's own unit, when it was given in another; null when there is nothing to say. */
export function convertedText(item: IntakeItem, given: GivenAnswer | undefined): string | null {
  if (given === undefined || given.unit === "" || given.unit === item.unit) return null;
  const factor = item.units[given.unit ?? ""];
  const plain = plainNumber(String(given.value));
  if (factor === undefined || plain === null) return null;
  const value = Number(plain.replace(/^[<>≤≥=]\s*/, "")) * factor;
  return `= ${numberText(value)} ${unitText(item.unit)}`;
}

/** Kinds whose day is that of a sample or an examination, not that of writing. */
export const isDatedBySample = (item: IntakeItem): boolean => item.kind === "number" && item.fresh_days !== null;

/** Today in the reader's own time zone. */
export function today(now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
