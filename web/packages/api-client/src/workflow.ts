import { answered, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type CaseWay = Schemas["WorkflowOut"];
export type WayOn = Schemas["WayOut"];
export type Lack = Schemas["LackOut"];
export type ClinicalState = Schemas["ClinicalState"];
export type Act = Schemas["Act"];
export type StatementKind = Schemas["StatementKind"];
export type Move = Schemas["MoveOut"];
export type Statement = Schemas["StatementOut"];
export type ServiceType = CaseWay["service_type"];
export type CaseNotice = Schemas["NoticeOut"];
export type DeskTask = Schemas["TaskOnDeskOut"];
export type CalendarEntry = Schemas["CalendarEntryOut"];
export type LeaveSeen = Schemas["LeaveSeenOut"];
export type GuideAway = Schemas["GuideAwayOut"];
export type QueuedCase = Schemas["QueuedOut"];
export type QueueOrder = Schemas["QueueOrder"];
export type SavedView = Schemas["ViewIn"]["query"];
export type Reminder = Schemas["ReminderOut"];
export interface QueueChoice {
  readonly state?: ClinicalState[];
  readonly urgent?: boolean;
  readonly technique?: Schemas["Technique"];
  readonly q?: string;
  readonly order?: QueueOrder;
  readonly descending?: boolean;
  readonly offset?: number;
  readonly limit?: number;
}
export type WorkflowCatalogue = Schemas["CatalogueOut"];

const ofCase = (case_id: string) => ({ params: { path: { case_id } } });

export const workflowApi = {
  catalogue: () => answered(client.GET("/api/workflow/catalogue")),
  get: (caseId: string) => answered(client.GET("/api/cases/{case_id}/workflow", ofCase(caseId))),
  begin: (caseId: string, body: { service_type: ServiceType; urgent: boolean }) =>
    answered(client.POST("/api/cases/{case_id}/workflow", { ...ofCase(caseId), body })),
  move: (caseId: string, body: { act: Act; version: number; reason?: string }) =>
    answered(client.POST("/api/cases/{case_id}/workflow/moves", { ...ofCase(caseId), body: { reason: "", ...body } })),
  state: (caseId: string, body: { kind: StatementKind; subject?: string; sha256?: string; text?: string }) =>
    answered(
      client.POST("/api/cases/{case_id}/workflow/statements", {
        ...ofCase(caseId),
        body: { subject: "", sha256: "", text: "", ...body },
      }),
    ),
  tasks: () => answered(client.GET("/api/workflow/tasks")),
  reminders: () => answered(client.GET("/api/reminders")),
  leaves: (since: string, until: string) =>
    answered(client.GET("/api/workflow/leaves", { params: { query: { since, until } } })),
  /** The guides of a case who are away at an instant. */
  away: (case_id: string, at: string) =>
    answered(client.GET("/api/cases/{case_id}/away", { params: { path: { case_id }, query: { at } } })),
  calendar: (since: string, until: string) =>
    answered(client.GET("/api/workflow/calendar", { params: { query: { since, until } } })),
  queue: (query: QueueChoice) => answered(client.GET("/api/workflow/queue", { params: { query } })),
  views: () => answered(client.GET("/api/workflow/views")),
  saveView: (view: string, query: SavedView) =>
    answered(client.PUT("/api/workflow/views/{view}", { params: { path: { view } }, body: { query } })),
  removeView: (view: string) => answered(client.DELETE("/api/workflow/views/{view}", { params: { path: { view } } })),
  notices: () => answered(client.GET("/api/workflow/notices")),
  readNotice: (notice_id: string) =>
    answered(client.POST("/api/workflow/notices/{notice_id}/read", { params: { path: { notice_id } } })),
};
