import { answered, client } from "./client";
import { ApiError, csrfHeaders, errorFrom, UNREACHABLE } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type IntakeFormSheet = Schemas["FormOut"];
export type IntakeItem = Schemas["ItemOut"];
export type Intake = Schemas["IntakeOut"];
export type IntakeAnswer = Schemas["AnswerOut"];
export type GivenAnswer = Schemas["AnswerIn"];
export type IntakeGap = Schemas["GapOut"];
export type Attachment = Schemas["AttachmentOut"];
export type Score = Schemas["ScoreOut"];
export type ScoreInput = Schemas["ScoreInputOut"];
export type ImagingCheck = Schemas["ImagingCheckOut"];
export type SeriesCheck = Schemas["SeriesCheckOut"];
export type ImportResult = Schemas["ImportOut"];
export type ImportedLine = Schemas["ImportedLineOut"];

const ofCase = (case_id: string) => ({ params: { path: { case_id } } });
const root = (caseId: string): string => `/api/cases/${encodeURIComponent(caseId)}/intake`;

/** A file's bytes as they are; what it is, the server sees from its content. */
async function sent<T>(url: string, content: Blob): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { ...csrfHeaders(), "Content-Type": "application/octet-stream" },
      credentials: "same-origin",
      body: content,
    });
  } catch {
    throw new ApiError(0, UNREACHABLE, "The server cannot be reached.");
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw errorFrom(response.status, answer);
  return answer as T;
}

/** The material of a case. */
export const intakeApi = {
  form: () => answered(client.GET("/api/intake/form")),
  get: (caseId: string) => answered(client.GET("/api/cases/{case_id}/intake", ofCase(caseId))),
  save: (caseId: string, version: number, answers: Readonly<Record<string, GivenAnswer>>) =>
    answered(client.PATCH("/api/cases/{case_id}/intake", { ...ofCase(caseId), body: { version, answers } })),
  images: (caseId: string) => answered(client.GET("/api/cases/{case_id}/intake/imaging", ofCase(caseId))),
  importResults: (caseId: string, kind: "csv" | "fhir", version: number, file: Blob) =>
    sent<ImportResult>(`${root(caseId)}/results?kind=${kind}&version=${version}`, file),
  attach: (caseId: string, item: string, file: File) =>
    sent<Intake>(
      `${root(caseId)}/attachments?item=${item}&name=${encodeURIComponent(file.name.slice(-ATTACHMENT_NAME_LENGTH))}`,
      file,
    ),
};

const ATTACHMENT_NAME_LENGTH = 200;

export const attachmentUrl = (caseId: string, attachmentId: string): string =>
  `${root(caseId)}/attachments/${encodeURIComponent(attachmentId)}`;
