import { answered, client } from "./client";
import type { RecordValues } from "./incidents";
import type { QualityFilter } from "./quality";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Expert = Schemas["ExpertOut"];
export type ExpertProfile = Schemas["ExpertProfileIn"];
export type Leave = Schemas["LeaveOut"];
export type Tally = Schemas["TallyOut"];
export type Average = Schemas["AverageOut"];

const ofExpert = (user_id: string) => ({ params: { path: { user_id } } });
const ofCase = (case_id: string) => ({ params: { path: { case_id } } });

export const expertsApi = {
  list: () => answered(client.GET("/api/experts")),
  describe: (userId: string, body: ExpertProfile) =>
    answered(client.PUT("/api/experts/{user_id}", { ...ofExpert(userId), body })),
  leave: (userId: string, body: Schemas["LeaveIn"]) =>
    answered(client.POST("/api/experts/{user_id}/leaves", { ...ofExpert(userId), body })),
  comeBack: (user_id: string, leave_id: string) =>
    answered(client.DELETE("/api/experts/{user_id}/leaves/{leave_id}", { params: { path: { user_id, leave_id } } })),
};

export const evaluationsApi = {
  ofCase: async (caseId: string) =>
    (await answered(client.GET("/api/cases/{case_id}/evaluation", ofCase(caseId)))).evaluation,
  rate: (caseId: string, values: RecordValues) =>
    answered(client.POST("/api/cases/{case_id}/evaluation", { ...ofCase(caseId), body: { values } })),
  averages: () => answered(client.GET("/api/quality/evaluations")),
};

export const statisticsApi = {
  tallies: (query: QualityFilter) => answered(client.GET("/api/quality/statistics", { params: { query } })),
};
