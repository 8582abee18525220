import { answered, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Replay = Schemas["ReplayOut"];
export type ReplayView = Schemas["ReplayView"];
export type ReplayEvent = Schemas["ReplayEventOut"];
export type FeedClips = Schemas["FeedClipsOut"];
export type Clip = Schemas["ClipOut"];
export type Mask = Schemas["MaskIO"];
export type Teaching = Schemas["TeachingOut"];
export type TeachingApproval = Schemas["TeachingApprovalOut"];
export type TaughtCase = Schemas["TaughtCaseOut"];

const ofCase = (case_id: string) => ({ params: { path: { case_id } } });

export const replaysApi = {
  begin: (caseId: string, view: ReplayView) =>
    answered(client.POST("/api/cases/{case_id}/replays", { ...ofCase(caseId), body: { view } })),
  /** Refused as soon as a consent or the approval has ended. */
  check: (play_id: string) => answered(client.GET("/api/replays/{play_id}", { params: { path: { play_id } } })),
  taught: () => answered(client.GET("/api/teaching")),
  teaching: (caseId: string) => answered(client.GET("/api/cases/{case_id}/teaching", ofCase(caseId))),
  approve: (caseId: string, body: Schemas["TeachingIn"]) =>
    answered(client.POST("/api/cases/{case_id}/teaching", { ...ofCase(caseId), body })),
  end: (caseId: string, reason: string) =>
    answered(client.POST("/api/cases/{case_id}/teaching/end", { ...ofCase(caseId), body: { reason } })),
};
