import { answered, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Opinion = Schemas["OpinionOut"];
export type Decision = Schemas["DecisionOut"];
export type NewOpinion = Schemas["OpinionIn"];
export type NewDecision = Schemas["DecisionIn"];

const ofCase = (case_id: string) => ({ params: { path: { case_id } } });
const ofOpinion = (case_id: string, opinion_id: string) => ({ params: { path: { case_id, opinion_id } } });

export const opinionsApi = {
  list: (caseId: string) => answered(client.GET("/api/cases/{case_id}/opinions", ofCase(caseId))),
  write: (caseId: string, body: NewOpinion) =>
    answered(client.POST("/api/cases/{case_id}/opinions", { ...ofCase(caseId), body })),
  change: (caseId: string, opinionId: string, body: Schemas["OpinionChange"]) =>
    answered(client.PUT("/api/cases/{case_id}/opinions/{opinion_id}", { ...ofOpinion(caseId, opinionId), body })),
  sign: (caseId: string, opinionId: string, password: string) =>
    answered(
      client.POST("/api/cases/{case_id}/opinions/{opinion_id}/sign", {
        ...ofOpinion(caseId, opinionId),
        body: { password },
      }),
    ),
  decide: (caseId: string, body: NewDecision) =>
    answered(client.POST("/api/cases/{case_id}/decisions", { ...ofCase(caseId), body })),
};
