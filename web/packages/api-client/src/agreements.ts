import { answered, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Agreement = Schemas["AgreementOut"];
export type AgreementDraft = Schemas["AgreementIn"];
export type AgreementClause = Schemas["Clause"];
export type Qualification = Schemas["QualificationOut"];
export type NewQualification = Schemas["QualificationIn"];
export type QualificationKind = Qualification["kind"];

const of = (agreement_id: string) => ({ params: { path: { agreement_id } } });

export const agreementsApi = {
  list: () => answered(client.GET("/api/agreements")),
  create: (body: AgreementDraft) => answered(client.POST("/api/agreements", { body })),
  change: (id: string, body: Schemas["AgreementChange"]) =>
    answered(client.PUT("/api/agreements/{agreement_id}", { ...of(id), body })),
  sign: (id: string, body: Schemas["SignatureIn"]) =>
    answered(client.POST("/api/agreements/{agreement_id}/sign", { ...of(id), body })),
  end: (id: string, body: Schemas["EndIn"]) =>
    answered(client.POST("/api/agreements/{agreement_id}/end", { ...of(id), body })),
};

export const qualificationsApi = {
  list: () => answered(client.GET("/api/qualifications")),
  record: (body: NewQualification) => answered(client.POST("/api/qualifications", { body })),
  revoke: (qualification_id: string) =>
    answered(client.POST("/api/qualifications/{qualification_id}/revoke", { params: { path: { qualification_id } } })),
};
