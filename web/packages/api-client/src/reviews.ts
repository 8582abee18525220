import { answered, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type ReviewPoint = Schemas["PointOut"];
export type ReviewDraw = Schemas["DrawOut"];
export type CaseReview = Schemas["CaseReviewOut"];
export type Finding = Schemas["ReviewFindingOut"];
export type FindingAct = Schemas["FindingAct"];
export type FindingGrade = Schemas["Grade"];
export type PointVerdict = Schemas["PointVerdict"];

export const FINDINGS_CSV_URL = "/api/quality/findings.csv";

export const reviewsApi = {
  points: () => answered(client.GET("/api/quality/reviews/points")),
  draws: () => answered(client.GET("/api/quality/reviews/draws")),
  draw: () => answered(client.POST("/api/quality/reviews/draws")),
  list: () => answered(client.GET("/api/quality/reviews")),
  finish: (review_id: string, body: Schemas["CaseReviewIn"]) =>
    answered(client.POST("/api/quality/reviews/{review_id}", { params: { path: { review_id } }, body })),
  findings: () => answered(client.GET("/api/quality/findings")),
  myFindings: () => answered(client.GET("/api/quality/findings/mine")),
  colleagues: () => answered(client.GET("/api/quality/findings/people")),
  act: (finding_id: string, body: Schemas["FindingActIn"]) =>
    answered(client.POST("/api/quality/findings/{finding_id}/acts", { params: { path: { finding_id } }, body })),
};
