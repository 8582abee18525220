/** A case in a form: dates as the date picker wants them, and back to what the server takes. */
import type { CaseChange } from "@tongtai/api-client";
import dayjs, { type Dayjs } from "dayjs";

type Wire = Omit<CaseChange, "version"> & { invited_institution_id?: string };

export interface CaseForm extends Omit<Wire, "patient" | "scheduled_at"> {
  readonly patient?: Omit<NonNullable<Wire["patient"]>, "birth_date"> & { readonly birth_date?: Dayjs };
  readonly scheduled_at?: Dayjs;
}

function dayOf(value: unknown): Dayjs | undefined {
  const day = typeof value === "string" ? dayjs(value) : undefined;
  return day?.isValid() ? day : undefined;
}

/** Form fields from a case or from a kept draft, whose dates are text; null gives none. */
export function fieldsOf(kept: Readonly<Record<string, unknown>> | null): CaseForm {
  if (kept === null) return {};
  const { patient, ...rest } = kept as Record<string, unknown> & { patient?: Record<string, unknown> };
  return {
    ...rest,
    ...(patient ? { patient: { ...patient, birth_date: dayOf(patient.birth_date) } } : {}),
    scheduled_at: dayOf(kept.scheduled_at),
  } as CaseForm;
}

/** What the server takes: days without a time, instants in UTC. */
export function wireOf({ patient, scheduled_at, ...rest }: CaseForm): Wire {
  return {
    ...rest,
    ...(patient ? { patient: { ...patient, birth_date: patient.birth_date?.format("YYYY-MM-DD") ?? "" } } : {}),
    ...(scheduled_at ? { scheduled_at: scheduled_at.toISOString() } : {}),
  };
}

/** Only what differs from what is stored: two people may change different things of one case. */
export function changesOf(before: Wire, after: Wire): Partial<Wire> {
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  const names = Object.keys(after) as (keyof Wire)[];
  return Object.fromEntries(
    names.filter((name) => !same(before[name], after[name])).map((name) => [name, after[name]]),
  );
}
