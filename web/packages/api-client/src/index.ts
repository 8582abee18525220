export * from "./documents";
export { auditApi, authApi, casesApi, gatewaysApi, institutionsApi, usersApi } from "./endpoints";
export { ApiError, csrfHeaders, onSignedOut, request, setCsrfToken, UNREACHABLE } from "./http";
export { imagingApi, uploadFile } from "./imaging";
export { planFileUrl, plansApi } from "./plans";
export * from "./planTypes";
export * from "./types";
export * from "./workflow";
