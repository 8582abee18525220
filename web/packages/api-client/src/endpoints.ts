import { answered, client } from "./client";
import type { components, paths } from "./schema";
import type { CaseChange, CaseState, InstitutionKind, NewCase, NewUser, Role } from "./types";

/** Until the person chooses otherwise. */
const FIRST_LANGUAGE: Pick<components["schemas"]["UserIn"], "language"> = { language: "zh-CN" };

export const authApi = {
  me: () => answered(client.GET("/api/auth/me")),
  login: (body: { login: string; password: string; totp?: string }) =>
    answered(client.POST("/api/auth/login", { body })),
  logout: () => answered(client.POST("/api/auth/logout")),
  changePassword: (body: { current: string; new: string }) => answered(client.POST("/api/auth/password", { body })),
  startTotp: () => answered(client.POST("/api/auth/totp/start")),
  confirmTotp: (code: string) => answered(client.POST("/api/auth/totp/confirm", { body: { code } })),
  removeTotp: (password: string) => answered(client.DELETE("/api/auth/totp", { body: { password } })),
};

export const institutionsApi = {
  list: () => answered(client.GET("/api/institutions")),
  create: (body: { name: string; name_en: string; kind: InstitutionKind }) =>
    answered(client.POST("/api/institutions", { body })),
  rename: (institution_id: string, body: { name: string; name_en: string }) =>
    answered(client.PATCH("/api/institutions/{institution_id}", { params: { path: { institution_id } }, body })),
  rooms: () => answered(client.GET("/api/operating-rooms")),
  createRoom: (body: { institution_id: string; name: string; name_en: string }) =>
    answered(client.POST("/api/operating-rooms", { body })),
};

const user = (user_id: string) => ({ params: { path: { user_id } } });

export const usersApi = {
  list: () => answered(client.GET("/api/users")),
  create: (body: NewUser) => answered(client.POST("/api/users", { body: { ...FIRST_LANGUAGE, ...body } })),
  change: (id: string, body: { roles?: Role[]; active?: boolean }) =>
    answered(client.PATCH("/api/users/{user_id}", { ...user(id), body })),
  revoke: (id: string) => answered(client.POST("/api/users/{user_id}/revoke", user(id))),
  resetPassword: (id: string) => answered(client.POST("/api/users/{user_id}/reset-password", user(id))),
};

const ofCase = (case_id: string) => ({ params: { path: { case_id } } });

export const casesApi = {
  list: (query: { state?: CaseState; q: string }) => answered(client.GET("/api/cases", { params: { query } })),
  get: (id: string) => answered(client.GET("/api/cases/{case_id}", ofCase(id))),
  create: (body: NewCase) => answered(client.POST("/api/cases", { body: { ...body, team: [] } })),
  change: (id: string, body: CaseChange) => answered(client.PATCH("/api/cases/{case_id}", { ...ofCase(id), body })),
  setTeam: (id: string, team: { user_id: string; role: Role }[]) =>
    answered(client.PUT("/api/cases/{case_id}/team", { ...ofCase(id), body: { team } })),
  series: (id: string) => answered(client.GET("/api/cases/{case_id}/imaging/series", ofCase(id))),
  recordings: (id: string) => answered(client.GET("/api/cases/{case_id}/recordings", ofCase(id))),
};

export const auditApi = {
  page: (query: NonNullable<paths["/api/audit"]["get"]["parameters"]["query"]>) =>
    answered(client.GET("/api/audit", { params: { query } })),
  verify: () => answered(client.GET("/api/audit/verify")),
};

const gateway = (gateway_id: string) => ({ params: { path: { gateway_id } } });

export const gatewaysApi = {
  list: () => answered(client.GET("/api/gateways")),
  create: (body: { name: string; operating_room_id: string }) => answered(client.POST("/api/gateways", { body })),
  newCode: (id: string) => answered(client.POST("/api/gateways/{gateway_id}/code", gateway(id))),
  revoke: (id: string) => answered(client.DELETE("/api/gateways/{gateway_id}", gateway(id))),
};
