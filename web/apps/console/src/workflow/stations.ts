/** The line of ten stations that a case passes, and where each of its states stands on it. */
import type { CaseWay, ClinicalState, Move } from "@tongtai/api-client";

export const STATIONS = [
  "refer",
  "meet",
  "plan",
  "opinion",
  "decision",
  "prepare",
  "operate",
  "after",
  "followUp",
  "archive",
] as const;
export type Station = (typeof STATIONS)[number];

/** Null: off the line; the case stands where it left it. */
export const STATION_OF: Readonly<Record<ClinicalState, Station | null>> = {
  draft: "refer",
  submitted: "refer",
  returned: "refer",
  accepted: "meet",
  declined: "refer",
  mdt_scheduled: "meet",
  mdt_decided: "meet",
  planning: "plan",
  plan_approved: "plan",
  opinion_issued: "opinion",
  decision_made: "decision",
  scheduled: "prepare",
  ready: "prepare",
  signed_in: "operate",
  time_out_ok: "operate",
  in_procedure: "operate",
  aborted: "operate",
  signed_out: "after",
  post_op: "after",
  reported: "after",
  follow_up: "followUp",
  closed: "archive",
  archived: "archive",
  cancelled: null,
  suspended: null,
  death: null,
};

/** States in which a case does not simply go on. */
const HALTED: ReadonlySet<ClinicalState> = new Set([
  "returned",
  "declined",
  "cancelled",
  "suspended",
  "aborted",
  "death",
]);
export const isHalted = (state: ClinicalState): boolean => HALTED.has(state);

export interface StationMark {
  readonly station: Station;
  readonly mark: "done" | "here" | "ahead";
  /** When the case was here last. */
  readonly at: string | undefined;
}

/** The case's own station: of its state, or of the last state on the line. */
export function stationOf({ state, moves }: Pick<CaseWay, "state" | "moves">): Station {
  const passed = [...moves.map(({ after }) => after), state].map((each) => STATION_OF[each]);
  return passed.findLast((station) => station !== null) ?? "refer";
}

/** The line with the case on it. What was passed by (no plan, no operation) is ahead no more, and not done either. */
export function lineOf(workflow: Pick<CaseWay, "state" | "moves">): readonly StationMark[] {
  const here = STATIONS.indexOf(stationOf(workflow));
  return STATIONS.map((station, place) => ({
    station,
    mark: place === here ? "here" : place < here ? "done" : "ahead",
    at: lastAt(workflow.moves, station),
  }));
}

function lastAt(moves: readonly Move[], station: Station): string | undefined {
  return moves.findLast(({ after }) => STATION_OF[after] === station)?.at;
}

/** Ways off the line: they stand apart from the steps that lead on. */
const EXITS: ReadonlySet<string> = new Set(["cancel", "suspend", "note_death", "abort"]);
export const isExit = (act: string): boolean => EXITS.has(act);
