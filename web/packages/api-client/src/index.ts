export { auditApi, authApi, casesApi, gatewaysApi, institutionsApi, type NewUser, usersApi } from "./endpoints";
export { ApiError, csrfHeaders, onSignedOut, request, setCsrfToken, UNREACHABLE } from "./http";
export { type FileOutcome, imagingApi, type RejectedFile, uploadFile } from "./imaging";
export * from "./types";
