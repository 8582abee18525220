export { auditApi, authApi, casesApi, gatewaysApi, institutionsApi, type NewUser, usersApi } from "./endpoints";
export { ApiError, csrfHeaders, onSignedOut, request, setCsrfToken, UNREACHABLE } from "./http";
export { imagingApi, uploadFile } from "./imaging";
export * from "./types";
