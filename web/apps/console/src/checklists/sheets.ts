/** Which party somebody speaks for, and which step of the case a complete sheet opens. */
import type { Act, Case, CheckLine, CheckParty, CheckSheet, Role, SheetName } from "@tongtai/api-client";

export const SHEETS: readonly SheetName[] = ["readiness", "sign_in", "time_out", "sign_out"];

const SPEAKS_FOR: Readonly<Record<CheckParty, readonly Role[]>> = {
  surgeon: ["operator", "attending"],
  anaesthesia: ["anaesthetist"],
  nurse: ["nurse", "technician"],
  guide: ["lead_guide", "backup_guide"],
};

/** The step that needs this sheet. */
export const ACT_OF: Readonly<Record<SheetName, Act>> = {
  readiness: "make_ready",
  sign_in: "sign_in",
  time_out: "time_out",
  sign_out: "sign_out",
};

export function partiesOf(shown: Case, userId: string): ReadonlySet<CheckParty> {
  const roles = shown.team.filter(({ user_id }) => user_id === userId).map(({ role }) => role);
  const parties = Object.keys(SPEAKS_FOR) as CheckParty[];
  return new Set(parties.filter((party) => SPEAKS_FOR[party].some((role) => roles.includes(role))));
}

/** Whether one of these parties answers a line: the line's own, or else any of the sheet's. */
export function mayAnswer(line: CheckLine, sheet: CheckSheet, mine: ReadonlySet<CheckParty>): boolean {
  const asked = line.parties.length > 0 ? line.parties : sheet.parties;
  return asked.some((party) => mine.has(party));
}

/** The sheet that is worked on: the first that is not complete. */
export const currentSheet = (sheets: readonly CheckSheet[]): SheetName =>
  sheets.find(({ complete }) => !complete)?.sheet ?? "sign_out";
