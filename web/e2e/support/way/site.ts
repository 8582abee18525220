/** Whose case it is, and who at the centre takes part. */
export interface Site {
  /** Beginning of the logins. */
  readonly key: string;
  readonly technique: "rfa" | "mwa" | "seeds";
  readonly verdict: string;
  readonly patient: string;
  readonly caseId: string;
}

export const CENTRE = "yunling";
export const PANEL = [`${CENTRE}.lead_guide`, `${CENTRE}.backup_guide`, `${CENTRE}.mdt_member`] as const;
export const [LEAD] = PANEL;
export const COORDINATOR = `${CENTRE}.coordinator`;
const DAY_MS = 86_400_000;

/** A date so many days from today, as forms take it. */
export const day = (from: number): string => new Date(Date.now() + from * DAY_MS).toISOString().slice(0, 10);

/** A point of time so many days ago, as requests take it. */
export const instantBefore = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
