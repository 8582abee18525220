const two = (value: number) => String(value).padStart(2, "0");

/** The day in the reader's own time zone, as a `date` field wants it. */
export const dayOf = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** The minute in the reader's own time zone, as a `datetime-local` field wants it. */
export const localInstant = (at: Date): string => `${dayOf(at)}T${two(at.getHours())}:${two(at.getMinutes())}`;
