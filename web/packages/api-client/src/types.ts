export type Technique = "rfa" | "mwa" | "seeds";
export type CaseState = "scheduled" | "in_procedure" | "closed";
export type Disclosure = "full" | "masked" | "none";
export type Sex = "M" | "F" | "O";
export type Side = "site" | "centre";

export const ROLES_OF = {
  inviting: ["attending", "operator", "anaesthetist", "nurse", "technician", "medical_affairs"],
  invited: ["coordinator", "lead_guide", "backup_guide", "mdt_member", "planner"],
  both: ["quality_control", "engineer", "auditor", "administrator", "observer"],
} as const;
export type InstitutionKind = "inviting" | "invited";
export type Role = (typeof ROLES_OF)[keyof typeof ROLES_OF][number];

export interface Institution {
  readonly id: string;
  readonly name: string;
  readonly name_en: string;
  readonly kind: InstitutionKind;
}

export interface OperatingRoom {
  readonly id: string;
  readonly institution_id: string;
  readonly name: string;
  readonly name_en: string;
}

export interface User {
  readonly id: string;
  readonly login: string;
  readonly display_name: string;
  readonly display_name_en: string;
  readonly institution_id: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
  readonly must_change_password: boolean;
  readonly totp_enabled: boolean;
  readonly language: string;
}

export interface Me {
  readonly user: User;
  readonly institution: Institution;
  readonly permissions: readonly string[];
  readonly csrf_token: string;
  readonly session_expires_at: string;
}

export interface Patient {
  readonly name: string | null;
  readonly sex: Sex | null;
  readonly birth_date: string | null;
  readonly hospital_number: string | null;
}

export interface TeamMember {
  readonly user_id: string;
  readonly role: Role;
  readonly display_name: string;
  readonly display_name_en: string;
  readonly side: Side;
}

export interface CaseSummary {
  readonly id: string;
  readonly number: string;
  readonly technique: Technique;
  readonly lesion: string;
  readonly patient: Patient;
  readonly inviting: Institution;
  readonly invited: Institution;
  readonly operating_room: OperatingRoom;
  readonly scheduled_at: string;
  readonly state: CaseState;
  readonly side: Side;
  readonly roles: readonly Role[];
  readonly version: number;
}

export interface Case extends CaseSummary {
  readonly disclosure: Disclosure;
  readonly team: readonly TeamMember[];
  readonly permissions: readonly string[];
  readonly created_at: string;
}

export interface NewCase {
  readonly technique: Technique;
  readonly lesion: string;
  readonly patient: { name: string; sex: Sex; birth_date: string; hospital_number: string };
  readonly disclosure: Disclosure;
  readonly invited_institution_id: string;
  readonly operating_room_id: string;
  readonly scheduled_at: string;
}

export interface AuditEntry {
  readonly seq: number;
  readonly at: string;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly action: string;
  readonly outcome: string;
  readonly case_id: string | null;
  readonly subject: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly hash: string;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly next_before: number | null;
}

export interface AuditVerification {
  readonly intact: boolean;
  readonly entries: number;
  readonly head_seq: number;
  readonly head_hash: string;
  readonly findings: readonly { kind: string; seq: number; original_seq: number | null; text: string }[];
}

export interface Gateway {
  readonly id: string;
  readonly name: string;
  readonly operating_room_id: string;
  readonly created_at: string;
  readonly enrolled_at: string | null;
  readonly revoked_at: string | null;
  readonly last_seen_at: string | null;
  readonly online: boolean;
  readonly clock_offset_ms: number | null;
  readonly disk_free_bytes: number | null;
  readonly feeds: readonly { feed: string; state: string; detail: string }[];
}

export interface Series {
  readonly study_uid: string;
  readonly series_uid: string;
  readonly modality: string;
  readonly description: string;
  readonly study_description: string;
  readonly study_date: string;
  readonly number: number | null;
  readonly instances: number;
  readonly rows: number;
  readonly columns: number;
}

export interface Recording {
  readonly id: string;
  readonly feed: string;
  readonly segment: string;
  readonly size: number;
  readonly sha256: string;
  readonly started_at: string;
  readonly duration_s: number;
  readonly clock_offset_ms: number;
}

/** What became of one file. */
export interface PushedFile {
  readonly name: string;
  readonly outcome: string;
  readonly code: string;
  readonly message: string;
}

export interface ReceivedFiles {
  readonly accepted: readonly PushedFile[];
  readonly rejected: readonly PushedFile[];
  readonly quarantined: readonly PushedFile[];
  readonly duplicates: number;
}

/** Images that wait because their patient differs from the case's in `differing`. */
export interface Quarantined {
  readonly identity: string;
  readonly patient: { readonly names: readonly string[]; readonly birth_date: string; readonly patient_id: string };
  readonly differing: readonly string[];
  readonly files: number;
}

export interface ImagePush {
  readonly push_id: string;
  readonly received: number;
  readonly rejected: number;
  readonly duplicates: number;
  readonly quarantined: readonly Quarantined[];
}
