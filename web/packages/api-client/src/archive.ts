import { answered, client, type SentFile, sentFile } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Bundle = Schemas["BundleOut"];
export type LegalState = Schemas["LegalOut"];
export type Seal = Schemas["SealOut"];
export type CopyRecipient = Schemas["Recipient"];
export type NewBundle = Schemas["BundleIn"];

const ofCase = (case_id: string) => ({ params: { path: { case_id } } });
const part = encodeURIComponent;

export const archiveApi = {
  bundles: (caseId: string) => answered(client.GET("/api/cases/{case_id}/archive", ofCase(caseId))),
  make: (caseId: string, body: NewBundle) =>
    answered(client.POST("/api/cases/{case_id}/archive", { ...ofCase(caseId), body })),
  receive: (case_id: string, bundle_id: string, sha256: string) =>
    answered(
      client.POST("/api/cases/{case_id}/archive/bundles/{bundle_id}/receipts", {
        params: { path: { case_id, bundle_id } },
        body: { sha256 },
      }),
    ),
  legal: (caseId: string) => answered(client.GET("/api/cases/{case_id}/archive/legal", ofCase(caseId))),
  hold: (caseId: string, reason: string) =>
    answered(client.POST("/api/cases/{case_id}/archive/holds", { ...ofCase(caseId), body: { reason } })),
  release: (case_id: string, hold_id: string) =>
    answered(
      client.POST("/api/cases/{case_id}/archive/holds/{hold_id}/release", { params: { path: { case_id, hold_id } } }),
    ),
  seal: (caseId: string, body: Schemas["SealIn"]) =>
    answered(client.POST("/api/cases/{case_id}/archive/seal", { ...ofCase(caseId), body })),
  unseal: (caseId: string, body: Schemas["UnsealIn"]) =>
    answered(client.POST("/api/cases/{case_id}/archive/unseal", { ...ofCase(caseId), body })),
  /** Everything of the case as a ZIP, for whoever may ask for it. */
  copy: (caseId: string, recipient: CopyRecipient): Promise<SentFile> =>
    sentFile(
      client.POST("/api/cases/{case_id}/archive/copy", { ...ofCase(caseId), body: { recipient }, parseAs: "blob" }),
    ),
  /** The case without its patient, for teaching. */
  withoutPatient: (caseId: string): Promise<SentFile> =>
    sentFile(client.POST("/api/cases/{case_id}/archive/deidentified", { ...ofCase(caseId), parseAs: "blob" })),
};

/** Address of one part of a bundle. */
export const bundlePartUrl = (caseId: string, bundleId: string, name: string): string =>
  `/api/cases/${part(caseId)}/archive/bundles/${part(bundleId)}/parts/${name.split("/").map(part).join("/")}`;
