/** Short names for the types that the server's OpenAPI document gives; schema.ts is generated from it. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Technique = Schemas["Technique"];
export type CaseState = Schemas["CaseState"];
export type InstitutionKind = Schemas["InstitutionKind"];
export type Role = Schemas["Role"];
export type Permission = Schemas["Permission"];

export type Institution = Schemas["InstitutionOut"];
export type OperatingRoom = Schemas["OperatingRoomOut"];
export type User = Schemas["UserOut"];
export type Me = Schemas["Me"];
export type Patient = Schemas["PatientOut"];
export type TeamMember = Schemas["TeamMemberOut"];
export type Side = TeamMember["side"];
export type ListedCase = Schemas["ListedCaseOut"];
export type Case = Schemas["CaseOut"];
export type NewCase = Omit<Schemas["CaseIn"], "team">;
export type CaseChange = Schemas["CaseChange"];
export type NewUser = Omit<Schemas["UserIn"], "language">;
export type AuditEntry = Schemas["NamedEntryOut"];
export type AuditVerification = Schemas["VerificationOut"];
export type Gateway = Schemas["GatewayOut"];
export type Series = Schemas["SeriesOut"];
export type Recording = Schemas["RecordingOut"];
export type PushedFile = Pick<Schemas["FileOut"], "name" | "code" | "message">;
export type Quarantined = Schemas["QuarantinedOut"];
export type ImagePush = Pick<Schemas["PushOut"], "push_id" | "received" | "rejected" | "duplicates" | "quarantined">;

export interface ReceivedFiles {
  readonly accepted: readonly PushedFile[];
  readonly rejected: readonly PushedFile[];
  readonly quarantined: readonly PushedFile[];
  readonly duplicates: number;
}

/** Which roles an institution can have, by its kind; docs/reference/roles.md says what each may do. */
export const ROLES_OF = {
  inviting: ["attending", "operator", "anaesthetist", "nurse", "technician", "medical_affairs"],
  invited: ["coordinator", "lead_guide", "backup_guide", "mdt_member", "planner"],
  both: ["quality_control", "engineer", "auditor", "administrator", "observer"],
} as const satisfies Record<InstitutionKind | "both", readonly Role[]>;
