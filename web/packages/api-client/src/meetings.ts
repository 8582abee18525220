import { answered, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Meeting = Schemas["MeetingOut"];
export type NewMeeting = Schemas["MeetingIn"];
export type Discussion = Schemas["DiscussionIn"];
export type Verdict = Schemas["Verdict"];
export type Specialty = Schemas["Specialty"];

const ofCase = (case_id: string) => ({ params: { path: { case_id } } });
const of = (case_id: string, meeting_id: string) => ({ params: { path: { case_id, meeting_id } } });

export const meetingsApi = {
  list: (caseId: string) => answered(client.GET("/api/cases/{case_id}/mdt", ofCase(caseId))),
  convene: (caseId: string, body: NewMeeting) =>
    answered(client.POST("/api/cases/{case_id}/mdt", { ...ofCase(caseId), body })),
  discuss: (caseId: string, meetingId: string, body: Discussion) =>
    answered(client.PUT("/api/cases/{case_id}/mdt/{meeting_id}/discussion", { ...of(caseId, meetingId), body })),
  attend: (caseId: string, meetingId: string, here: boolean) =>
    answered(
      client.POST("/api/cases/{case_id}/mdt/{meeting_id}/attendance", { ...of(caseId, meetingId), body: { here } }),
    ),
  vote: (caseId: string, meetingId: string, body: Schemas["VoteIn"]) =>
    answered(client.POST("/api/cases/{case_id}/mdt/{meeting_id}/votes", { ...of(caseId, meetingId), body })),
  conclude: (caseId: string, meetingId: string, body: Schemas["ConclusionIn"]) =>
    answered(client.POST("/api/cases/{case_id}/mdt/{meeting_id}/conclusion", { ...of(caseId, meetingId), body })),
  sign: (caseId: string, meetingId: string, password: string) =>
    answered(
      client.POST("/api/cases/{case_id}/mdt/{meeting_id}/sign", { ...of(caseId, meetingId), body: { password } }),
    ),
};
