import { answered, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type CaseWarnings = Schemas["WarningsOut"];
export type CaseWarning = Schemas["CaseWarning"];
export type Facts = Schemas["FactsIn"]["facts"];
export type FollowUp = Schemas["FollowUpOut"];
export type CareTask = Schemas["TaskOut"];
export type NewAssessment = Schemas["AssessmentIn"];
export type NewComplication = Schemas["ComplicationIn"];
export type NewStatus = Schemas["tongtai__features__followup__schemas__StatusIn"];

const ofCase = (case_id: string) => ({ params: { path: { case_id } } });

/** Warnings of complications, orders, tasks and assessments. */
export const careApi = {
  warnings: (caseId: string) => answered(client.GET("/api/cases/{case_id}/warnings", ofCase(caseId))),
  judge: (caseId: string, facts: Facts) =>
    answered(client.POST("/api/cases/{case_id}/warnings", { ...ofCase(caseId), body: { facts } })),
  acknowledge: (case_id: string, rule_id: string, note: string) =>
    answered(
      client.POST("/api/cases/{case_id}/warnings/{rule_id}/acknowledge", {
        params: { path: { case_id, rule_id } },
        body: { note },
      }),
    ),
  followUp: (caseId: string) => answered(client.GET("/api/cases/{case_id}/follow-up", ofCase(caseId))),
  order: (caseId: string, ended_at: string) =>
    answered(client.POST("/api/cases/{case_id}/follow-up/orders", { ...ofCase(caseId), body: { ended_at } })),
  finish: (case_id: string, task_id: string, body: Schemas["FinishIn"]) =>
    answered(
      client.POST("/api/cases/{case_id}/follow-up/tasks/{task_id}/finish", {
        params: { path: { case_id, task_id } },
        body,
      }),
    ),
  assess: (caseId: string, body: NewAssessment) =>
    answered(client.POST("/api/cases/{case_id}/follow-up/assessments", { ...ofCase(caseId), body })),
  complicate: (caseId: string, body: NewComplication) =>
    answered(client.POST("/api/cases/{case_id}/follow-up/complications", { ...ofCase(caseId), body })),
  tell: (caseId: string, body: NewStatus) =>
    answered(client.POST("/api/cases/{case_id}/follow-up/status", { ...ofCase(caseId), body })),
};
