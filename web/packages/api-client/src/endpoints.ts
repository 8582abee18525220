import { request } from "./http";
import type {
  AuditPage,
  AuditVerification,
  Case,
  CaseSummary,
  Gateway,
  Institution,
  InstitutionKind,
  Me,
  NewCase,
  OperatingRoom,
  Recording,
  Role,
  Series,
  User,
} from "./types";

const segment = encodeURIComponent;

export const authApi = {
  me: () => request<Me>("GET", "/auth/me"),
  login: (body: { login: string; password: string; totp?: string }) => request<Me>("POST", "/auth/login", { body }),
  logout: () => request<null>("POST", "/auth/logout"),
  changePassword: (body: { current: string; new: string }) => request<unknown>("POST", "/auth/password", { body }),
  startTotp: () => request<{ secret: string; uri: string; qr_svg: string }>("POST", "/auth/totp/start"),
  confirmTotp: (code: string) => request<unknown>("POST", "/auth/totp/confirm", { body: { code } }),
  removeTotp: (password: string) => request<unknown>("DELETE", "/auth/totp", { body: { password } }),
};

export const institutionsApi = {
  list: () => request<Institution[]>("GET", "/institutions"),
  create: (body: { name: string; name_en: string; kind: InstitutionKind }) =>
    request<Institution>("POST", "/institutions", { body }),
  rooms: () => request<OperatingRoom[]>("GET", "/operating-rooms"),
  createRoom: (body: { institution_id: string; name: string; name_en: string }) =>
    request<OperatingRoom>("POST", "/operating-rooms", { body }),
};

export interface NewUser {
  readonly login: string;
  readonly display_name: string;
  readonly display_name_en: string;
  readonly institution_id: string;
  readonly roles: readonly Role[];
}

export const usersApi = {
  list: () => request<User[]>("GET", "/users"),
  create: (body: NewUser) => request<{ user: User; password: string }>("POST", "/users", { body }),
  change: (id: string, body: { roles?: readonly Role[]; active?: boolean }) =>
    request<User>("PATCH", `/users/${segment(id)}`, { body }),
  revoke: (id: string) => request<unknown>("POST", `/users/${segment(id)}/revoke`),
  resetPassword: (id: string) => request<{ password: string }>("POST", `/users/${segment(id)}/reset-password`),
};

export const casesApi = {
  list: (query: { state?: string; q?: string }) => request<CaseSummary[]>("GET", "/cases", { query }),
  get: (id: string) => request<Case>("GET", `/cases/${segment(id)}`),
  create: (body: NewCase) => request<Case>("POST", "/cases", { body }),
  setTeam: (id: string, team: readonly { user_id: string; role: Role }[]) =>
    request<Case>("PUT", `/cases/${segment(id)}/team`, { body: { team } }),
  series: (id: string) => request<Series[]>("GET", `/cases/${segment(id)}/imaging/series`),
  recordings: (id: string) => request<Recording[]>("GET", `/cases/${segment(id)}/recordings`),
};

export const auditApi = {
  page: (query: { before?: number; case_id?: string; actor?: string }) =>
    request<AuditPage>("GET", "/audit", { query }),
  verify: () => request<AuditVerification>("GET", "/audit/verify"),
};

export const gatewaysApi = {
  list: () => request<Gateway[]>("GET", "/gateways"),
  create: (body: { name: string; operating_room_id: string }) =>
    request<{ id: string; code: string }>("POST", "/gateways", { body }),
  newCode: (id: string) => request<{ code: string }>("POST", `/gateways/${segment(id)}/code`),
  revoke: (id: string) => request<unknown>("DELETE", `/gateways/${segment(id)}`),
};
