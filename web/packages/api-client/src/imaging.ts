import { ApiError, csrfHeaders, errorFrom, request, UNREACHABLE } from "./http";
import type { ImagePush, ReceivedFiles } from "./types";

const root = (caseId: string) => `/cases/${encodeURIComponent(caseId)}/imaging/pushes`;

export const imagingApi = {
  start: (caseId: string, declaredFiles: number) =>
    request<ImagePush>("POST", root(caseId), { body: { declared_files: declaredFiles, source: "browser" } }),
  get: (caseId: string, pushId: string) =>
    request<ImagePush>("GET", `${root(caseId)}/${encodeURIComponent(pushId)}`),
  finish: (caseId: string, pushId: string) =>
    request<ImagePush>("POST", `${root(caseId)}/${encodeURIComponent(pushId)}/finish`),
  confirmPatient: (caseId: string, pushId: string, body: { typed_name: string; identity: string }) =>
    request<ImagePush>("POST", `${root(caseId)}/${encodeURIComponent(pushId)}/confirm-patient`, { body }),
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
  const path = `${root(upload.caseId)}/${encodeURIComponent(upload.pushId)}/files/${encodeURIComponent(upload.name)}`;
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
