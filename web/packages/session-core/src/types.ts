/** Words and records of a guided session, as the server writes them. Times are server milliseconds since 1970. */

export type Json = Record<string, unknown>;

export type Phase = "planned" | "open" | "closed";
export type Side = "site" | "centre";
export type Technique = "rfa" | "mwa" | "seeds";
export type Step =
  | "positioning"
  | "planning_scan"
  | "local_anaesthesia"
  | "puncture"
  | "needle_check"
  | "reposition"
  | "energy_on"
  | "seed_drop"
  | "check_scan"
  | "track_ablation"
  | "withdraw"
  | "immediate_ct"
  | "haemostasis"
  | "done";
export type AdviceLevel = "info" | "suggest" | "caution" | "stop";
export type AdviceStatus = "given" | "read_back" | "accepted" | "declined" | "done" | "superseded" | "expired";
export type MediaCondition = "off" | "live" | "degraded" | "lost";
export type FeedCondition = "live" | "no_source" | "ended" | "disk_full" | "error" | "off" | "lost";

/** In these steps a guide must not be needed in another room at the same time. */
export const CRITICAL_STEPS: ReadonlySet<Step> = new Set<Step>(["puncture", "energy_on", "seed_drop"]);

export interface Actor {
  kind: "user" | "gateway" | "system";
  id: string;
  name: string;
  name_en: string;
  role: string;
  side: Side | null;
}

export interface SessionEvent {
  seq: number;
  id: string;
  case_id: string;
  type: string;
  t_server_ms: number;
  t_site_ms: number | null;
  clock_offset_ms: number | null;
  actor: Actor;
  payload: Json;
  prev_hash: string;
  hash: string;
}

export interface Participant {
  identity: string;
  user_id: string | null;
  name: string;
  name_en: string;
  role: string;
  side: Side | null;
  joined_ms: number;
}

export interface StepMark {
  step: Step;
  t_ms: number;
  by_name: string;
  note: string | null;
}

export interface AdviceRef {
  feed?: string;
  series_uid?: string;
  sop_uid?: string;
  frame?: number;
}

export interface Advice {
  advice_id: string;
  level: AdviceLevel;
  text: string;
  chip: string | null;
  ref: AdviceRef | null;
  status: AdviceStatus;
  by_id: string;
  by_name: string;
  by_name_en: string;
  reason: string | null;
  answered_by_name: string | null;
  superseded_by: string | null;
  given_ms: number;
  read_back_ms: number | null;
  answered_ms: number | null;
  ended_ms: number | null;
}

export type Surface =
  | { kind: "feed"; feed: string; frozen?: string | null }
  | { kind: "slice"; series_uid: string; sop_uid: string; frame?: number | null };
export type DrawingTool = "pen" | "arrow" | "ellipse" | "text";

/** A drawing: points are picture coordinates 0…1, width is a fraction of the picture's width. */
export interface Stroke {
  stroke_id: string;
  surface: Surface;
  tool: DrawingTool;
  points: [number, number][];
  text: string | null;
  colour: string;
  width: number;
  by_id: string;
  by_name: string;
  t_ms: number;
}

export interface FrozenPicture {
  freeze_id: string;
  feed: string;
  jpeg_data_url: string | null;
  by_id: string;
  by_name: string;
  since_ms: number;
}

/** Window centre and width in Hounsfield units. */
export interface ShownCt {
  study_uid: string;
  series_uid: string;
  sop_uid: string;
  frame: number;
  window: { center: number; width: number };
  by_id: string;
  by_name: string;
  since_ms: number;
}

export interface SeriesProgress {
  study_uid: string;
  series_uid: string;
  description: string;
  received: number;
  expected: number | null;
}

export interface Push {
  push_id: string;
  source: string;
  declared_files: number | null;
  started_ms: number;
  finished_ms: number | null;
  received: number;
  rejected: number;
  duplicates: number;
  seconds: number | null;
  series: Record<string, SeriesProgress>;
}

export interface HelpCall {
  by_id: string;
  by_name: string;
  reason: string | null;
  since_ms: number;
}

export interface Handover {
  to_user_id: string;
  to_name: string;
  by_id: string;
  by_name: string;
  reason: string | null;
  since_ms: number;
}

/** `loss` is a fraction 0…1, `fps` frames per second. */
export interface Media {
  state: MediaCondition;
  delay_ms: number | null;
  loss: number | null;
  fps: number | null;
  reason: string | null;
  since_ms: number | null;
}

export interface Feed {
  feed: string;
  state: FeedCondition;
  detail: string | null;
  since_ms: number;
}

export interface Alarm {
  alarm_id: string;
  severity: "amber" | "red";
  code: string;
  values: Json;
  since_ms: number;
}

export interface Arbitration {
  status: "raised" | "overridden";
  message_code: string;
  wait_s: number;
  since_ms: number;
  reason: string | null;
  by_name: string | null;
}

export interface Mark {
  event_id: string;
  text: string;
  by_name: string;
  t_ms: number;
}

export interface Recording {
  feed: string;
  segment: string;
  sha256: string;
  size: number;
  t_ms: number;
}

export interface LoadedPlan {
  plan_id: string;
  version: number;
  sha256: string;
  reason: string | null;
  since_ms: number;
}

export interface NeedleDone {
  needle_id: string;
  punctures: number;
  since_ms: number;
  depth_mm: number | null;
  deviation_mm: number | null;
  confirmed_by: string | null;
  guide: string | null;
  confirmed_ms: number | null;
  repositions: number;
  withdrawn_ms: number | null;
  intact: boolean | null;
}

/** One application of energy; `last` is the newest sample. */
export interface EnergyRun {
  run_id: string;
  needle_id: string;
  device: string;
  mode: string;
  power_w: number;
  planned_s: number;
  position: number | null;
  started_ms: number;
  samples: number;
  last: Json | null;
  stopped_ms: number | null;
  time_s: number | null;
  energy_kj: number | null;
  stop_reason: string | null;
}

export interface SeedCount {
  issued: number;
  dropped: number;
  left: number | null;
}

export interface DeviceUsed {
  udi: string;
  name: string;
  model: string;
  lot: string;
  expires_on: string | null;
  single_use: boolean;
  needle_id: string | null;
  t_ms: number;
}

/** Anything else done or found at the table: `kind` is the event's type. */
export interface TableEntry {
  event_id: string;
  kind: string;
  values: Json;
  by_name: string;
  t_ms: number;
}

export interface SessionState {
  seq: number;
  phase: Phase;
  opened_ms: number | null;
  closed_ms: number | null;
  step: Step | null;
  step_since_ms: number | null;
  steps: StepMark[];
  lead_guide_id: string | null;
  participants: Participant[];
  advice: Advice[];
  strokes: Stroke[];
  frozen: Record<string, FrozenPicture>;
  shown_ct: ShownCt | null;
  pushes: Record<string, Push>;
  help: HelpCall | null;
  handover: Handover | null;
  paused: boolean;
  media: Media;
  feeds: Record<string, Feed>;
  alarms: Alarm[];
  arbitration: Arbitration | null;
  marks: Mark[];
  recordings: Recording[];
  plan: LoadedPlan | null;
  needles: Record<string, NeedleDone>;
  energy: EnergyRun[];
  seeds: SeedCount;
  devices: DeviceUsed[];
  entries: TableEntry[];
}

export interface Named {
  id: string;
  name: string;
  name_en: string;
}

export interface TeamMember {
  user_id: string;
  role: string;
  display_name: string;
  display_name_en: string;
  side: Side;
}

export interface CaseFacts {
  id: string;
  number: string;
  technique: Technique;
  lesion: string;
  /** As the hospital lets this reader see the patient; what is hidden is null. */
  patient: {
    name: string | null;
    sex: "M" | "F" | "O" | null;
    birth_date: string | null;
    hospital_number: string | null;
  };
  inviting: Named;
  invited: Named;
  operating_room: Named;
  scheduled_at: string | null;
  team: TeamMember[];
  /** What this reader may do in this case. */
  permissions: string[];
}

export interface SessionSnapshot {
  case: CaseFacts;
  state: SessionState;
}

/** A command without its id; its type is the type of the event that it asks for. */
export interface CommandDraft {
  type: string;
  payload: Json;
}

/** The state of a session that has no events yet. */
export function emptyState(): SessionState {
  return {
    seq: 0,
    phase: "planned",
    opened_ms: null,
    closed_ms: null,
    step: null,
    step_since_ms: null,
    steps: [],
    lead_guide_id: null,
    participants: [],
    advice: [],
    strokes: [],
    frozen: {},
    shown_ct: null,
    pushes: {},
    help: null,
    handover: null,
    paused: false,
    media: { state: "off", delay_ms: null, loss: null, fps: null, reason: null, since_ms: null },
    feeds: {},
    alarms: [],
    arbitration: null,
    marks: [],
    recordings: [],
    plan: null,
    needles: {},
    energy: [],
    seeds: { issued: 0, dropped: 0, left: null },
    devices: [],
    entries: [],
  };
}
