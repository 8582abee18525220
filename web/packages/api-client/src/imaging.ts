import { answered, client } from "./client";
import { ApiError, csrfHeaders, errorFrom, UNREACHABLE } from "./http";
import type { ReceivedFiles } from "./types";

const inPush = (case_id: string, push_id: string) => ({ params: { path: { case_id, push_id } } });

export const imagingApi = {
  start: (case_id: string, declared_files: number) =>
    answered(
      client.POST("/api/cases/{case_id}/imaging/pushes", {
        params: { path: { case_id } },
        body: { declared_files, source: "browser", test: false },
      }),
    ),
  finish: (caseId: string, pushId: string) =>
    answered(client.POST("/api/cases/{case_id}/imaging/pushes/{push_id}/finish", inPush(caseId, pushId))),
  confirmPatient: (caseId: string, pushId: string, body: { typed_name: string; identity: string }) =>
    answered(
      client.POST("/api/cases/{case_id}/imaging/pushes/{push_id}/confirm-patient", {
        ...inPush(caseId, pushId),
        body,
      }),
    ),
};

export interface FileUpload {
  readonly caseId: string;
  readonly pushId: string;
  readonly name: string;
  readonly content: Blob;
  readonly sha256: string | undefined;
  readonly signal: AbortSignal;
  onProgress(sentBytes: number): void;
}

/** Sends one file. XMLHttpRequest, because `fetch` does not tell how much of a body has been sent. */
export function uploadFile(upload: FileUpload): Promise<ReceivedFiles> {
  const query = upload.sha256 === undefined ? "" : `?sha256=${upload.sha256}`;
  const path = `/cases/${encodeURIComponent(upload.caseId)}/imaging/pushes/${encodeURIComponent(upload.pushId)}/files/${encodeURIComponent(upload.name)}`;
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => {
      xhr.abort();
    };
    const settle = (act: () => void) => () => {
      upload.signal.removeEventListener("abort", abort);
      act();
    };
    xhr.open("PUT", `/api${path}${query}`);
    xhr.responseType = "json";
    xhr.setRequestHeader("Content-Type", "application/octet-stream");
    for (const [name, value] of Object.entries(csrfHeaders())) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => {
      upload.onProgress(event.loaded);
    };
    xhr.onload = settle(() => {
      if (xhr.status >= 200 && xhr.status < 300) resolve(xhr.response as ReceivedFiles);
      else reject(errorFrom(xhr.status, xhr.response));
    });
    xhr.onerror = settle(() => {
      reject(new ApiError(0, UNREACHABLE, "The connection was cut."));
    });
    xhr.onabort = settle(() => {
      reject(new DOMException("The upload was cancelled.", "AbortError"));
    });
    upload.signal.addEventListener("abort", abort);
    xhr.send(upload.content);
  });
}
