import { answered, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Consent = Schemas["ConsentOut"];
export type ConsentKind = Consent["kind"];
export type NewConsent = Schemas["ConsentIn"];

const ofCase = (case_id: string) => ({ params: { path: { case_id } } });

export const consentsApi = {
  list: async (caseId: string) =>
    (await answered(client.GET("/api/cases/{case_id}/consents", ofCase(caseId)))).consents,
  sign: (caseId: string, body: NewConsent) =>
    answered(client.POST("/api/cases/{case_id}/consents", { ...ofCase(caseId), body })),
  withdraw: (case_id: string, consent_id: string, reason: string) =>
    answered(
      client.POST("/api/cases/{case_id}/consents/{consent_id}/withdraw", {
        params: { path: { case_id, consent_id } },
        body: { reason },
      }),
    ),
};
