import { answered, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type CheckSheet = Schemas["SheetOut"];
export type CheckLine = Schemas["LineOut"];
export type CheckParty = Schemas["Party"];
export type SheetName = Schemas["Sheet"];
export type CheckMark = Schemas["MarkOut"];
export type CheckReading = Schemas["ReadingOut"];
export type Measurement = Schemas["MeasurementOut"];
export type MarkValue = Schemas["MarksIn"]["values"][string];
/** Why the work goes on although a measurement misses its limit, by line. */
export type Reasons = Readonly<Record<string, string>>;

const of = (case_id: string, sheet: SheetName) => ({ params: { path: { case_id, sheet } } });

export const checklistsApi = {
  list: (case_id: string) => answered(client.GET("/api/cases/{case_id}/checklists", { params: { path: { case_id } } })),
  mark: (caseId: string, sheet: SheetName, version: number, values: Record<string, MarkValue>, reasons: Reasons) =>
    answered(
      client.PATCH("/api/cases/{case_id}/checklists/{sheet}", {
        ...of(caseId, sheet),
        body: { version, values, reasons },
      }),
    ),
  /** Answers lines with what was measured of them. */
  takeMeasured: (caseId: string, sheet: SheetName, version: number, lines: string[], reasons: Reasons) =>
    answered(
      client.POST("/api/cases/{case_id}/checklists/{sheet}/measured", {
        ...of(caseId, sheet),
        body: { version, lines, reasons },
      }),
    ),
  /** Asks the gateways of the case's room to test their lines now. */
  measure: (case_id: string) =>
    answered(client.POST("/api/cases/{case_id}/checklists/measurements", { params: { path: { case_id } } })),
  /** For a party: as who is signed in, or by another's login name and PIN. */
  confirm: (caseId: string, sheet: SheetName, party: CheckParty, other?: { login: string; pin: string }) =>
    answered(
      client.POST("/api/cases/{case_id}/checklists/{sheet}/confirm", {
        ...of(caseId, sheet),
        body: { party, ...other },
      }),
    ),
  reopen: (caseId: string, sheet: SheetName, reason: string) =>
    answered(client.POST("/api/cases/{case_id}/checklists/{sheet}/reopen", { ...of(caseId, sheet), body: { reason } })),
  setPin: (body: { password: string; pin: string }) => answered(client.PUT("/api/checklists/pin", { body })),
};
