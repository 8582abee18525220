import { answered, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type ImpactAssessment = Schemas["ImpactAssessmentOut"];
export type PurposeChange = Schemas["PurposeChangeOut"];
export type NewImpactAssessment = Schemas["ImpactAssessmentIn"];

const ofAssessment = (assessment_id: string) => ({ params: { path: { assessment_id } } });

export const privacyApi = {
  get: () => answered(client.GET("/api/privacy")),
  changePurpose: (body: Schemas["PurposeChangeIn"]) => answered(client.POST("/api/privacy/purposes", { body })),
  begin: (body: NewImpactAssessment) => answered(client.POST("/api/privacy/assessments", { body })),
  change: (id: string, body: Schemas["ImpactAssessmentChangeIn"]) =>
    answered(client.PUT("/api/privacy/assessments/{assessment_id}", { ...ofAssessment(id), body })),
  /** A draft, or what need no longer be kept. */
  remove: (id: string) => answered(client.DELETE("/api/privacy/assessments/{assessment_id}", ofAssessment(id))),
  approve: (id: string, version: number) =>
    answered(
      client.POST("/api/privacy/assessments/{assessment_id}/approve", { ...ofAssessment(id), body: { version } }),
    ),
};
