/** A month as a calendar shows it: whole weeks from Monday to Sunday. */

const WEEK_DAYS = 7;

export interface MonthDay {
  /** `YYYY-MM-DD` in the reader's own time zone. */
  readonly day: string;
  readonly date: Date;
  readonly ofMonth: boolean;
}

const two = (value: number): string => String(value).padStart(2, "0");
export const dayText = (date: Date): string =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
export const monthText = (date: Date): string => dayText(date).slice(0, 7);

/** The first of a month that is written `YYYY-MM`; of the present one when it is not. */
export function monthOf(text: string | null, now = new Date()): Date {
  const [, year, month] = /^(\d{4})-(\d{2})$/.exec(text ?? "") ?? [];
  const at = Number(month) - 1;
  return year !== undefined && at >= 0 && at < 12
    ? new Date(Number(year), at, 1)
    : new Date(now.getFullYear(), now.getMonth(), 1);
}

export const shifted = (month: Date, months: number): Date =>
  new Date(month.getFullYear(), month.getMonth() + months, 1);

/** Every day from the Monday before the first to the Sunday after the last. */
export function weeksOf(month: Date): readonly (readonly MonthDay[])[] {
  const before = (month.getDay() + WEEK_DAYS - 1) % WEEK_DAYS;
  const days = new Date(month.getFullYear(), month.getMonth() + 1, 0).getDate();
  const weeks = Math.ceil((before + days) / WEEK_DAYS);
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: WEEK_DAYS }, (_unused, place) => {
      const date = new Date(month.getFullYear(), month.getMonth(), 1 - before + week * WEEK_DAYS + place);
      return { day: dayText(date), date, ofMonth: date.getMonth() === month.getMonth() };
    }),
  );
}

/** Whether a leave, from `since` to before `until`, takes anything of a day. */
export function isAwayOn({ since, until }: { readonly since: string; readonly until: string }, day: Date): boolean {
  const next = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1);
  return new Date(since) < next && new Date(until) > day;
}
