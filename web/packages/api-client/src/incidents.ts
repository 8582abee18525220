import { answered, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type RecordForm = Schemas["RecordFormOut"];
export type RecordField = Schemas["RecordFieldOut"];
export type RecordFormKey = "incident" | "impact_assessment" | "session_evaluation";
export type RecordValues = Record<string, unknown>;
export type Incident = Schemas["IncidentOut"];
export type IncidentFile = Schemas["IncidentFileOut"];
export type IncidentAct = Schemas["IncidentAct"];

const ofIncident = (incident_id: string) => ({ params: { path: { incident_id } } });

export const recordForm = (form_key: RecordFormKey) =>
  answered(client.GET("/api/workflow/forms/{form_key}", { params: { path: { form_key } } }));

export const incidentsApi = {
  list: () => answered(client.GET("/api/incidents")),
  report: (values: RecordValues) => answered(client.POST("/api/incidents", { body: { values } })),
  get: (id: string) => answered(client.GET("/api/incidents/{incident_id}", ofIncident(id))),
  act: (id: string, body: Schemas["IncidentActIn"]) =>
    answered(client.POST("/api/incidents/{incident_id}/acts", { ...ofIncident(id), body })),
};
