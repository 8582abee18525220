import { csrfHeaders, errorFrom, request } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type CaseDocument = Schemas["DocumentOut"];
export type DocumentKind = CaseDocument["kind"];
export type DocumentOrder = Schemas["DocumentIn"];
export type CheckedFile = Schemas["CheckedFileOut"];

const part = encodeURIComponent;
const root = (caseId: string): string => `/cases/${part(caseId)}/documents`;

export const documentsApi = {
  list: async (caseId: string) => (await request<{ documents: CaseDocument[] }>("GET", root(caseId))).documents,
  waiting: async () => (await request<{ documents: CaseDocument[] }>("GET", "/documents/waiting")).documents,
  make: (caseId: string, order: DocumentOrder) => request<CaseDocument>("POST", root(caseId), { body: order }),
  sign: (caseId: string, documentId: string, secrets: { password: string; pin?: string }) =>
    request<CaseDocument>("POST", `${root(caseId)}/${part(documentId)}/sign`, { body: secrets }),
  withdraw: (caseId: string, documentId: string) =>
    request<CaseDocument>("POST", `${root(caseId)}/${part(documentId)}/withdraw`, { body: {} }),
  check: async (file: Blob): Promise<CheckedFile> => {
    const response = await fetch("/api/documents/check", {
      method: "POST",
      headers: { ...csrfHeaders(), "Content-Type": "application/pdf" },
      credentials: "same-origin",
      body: file,
    });
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) throw errorFrom(response.status, answer);
    return answer as CheckedFile;
  },
};

export const documentUrl = (caseId: string, documentId: string): string =>
  `/api${root(caseId)}/${part(documentId)}/pdf`;
