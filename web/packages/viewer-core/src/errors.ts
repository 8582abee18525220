export type ViewerErrorCode =
  | "no_access"
  | "not_found"
  | "server_unreachable"
  | "server_error"
  | "not_dicom_json"
  | "no_pictures"
  | "decode_failed"
  | "no_placement"
  | "no_webgl";

/** What went wrong while showing a series; the page turns the code into words, `detail` is for the engineer. */
export class ViewerError extends Error {
  constructor(
    readonly code: ViewerErrorCode,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
    this.name = "ViewerError";
  }
}

export function codeOfStatus(status: number): ViewerErrorCode {
  if (status === 401 || status === 403) return "no_access";
  if (status === 404) return "not_found";
  return status === 0 ? "server_unreachable" : "server_error";
}
