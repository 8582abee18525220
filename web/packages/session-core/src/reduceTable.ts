/** What events at the table change: needles, energy, seeds, devices, and everything that is only noted. */
import type { Changes } from "./reducer";
import { optional } from "./reducer";
import type { DeviceUsed, EnergyRun, LoadedPlan, NeedleDone, SessionEvent, SessionState } from "./types";

type Reducer = (state: SessionState, event: SessionEvent) => Changes;

function planLoaded(_state: SessionState, event: SessionEvent): Changes {
  const plan: LoadedPlan = {
    plan_id: event.payload.plan_id as string,
    version: event.payload.version as number,
    sha256: event.payload.sha256 as string,
    reason: optional(event.payload, "reason"),
    since_ms: event.t_server_ms,
  };
  return { plan };
}

function needlePunctured(state: SessionState, event: SessionEvent): Changes {
  const needleId = event.payload.needle_id as string;
  const before = state.needles[needleId];
  const needle: NeedleDone = {
    needle_id: needleId,
    punctures: (before?.punctures ?? 0) + 1,
    since_ms: event.t_server_ms,
    depth_mm: null,
    deviation_mm: null,
    confirmed_by: null,
    guide: null,
    confirmed_ms: null,
    repositions: before?.repositions ?? 0,
    withdrawn_ms: null,
    intact: null,
  };
  return { needles: { ...state.needles, [needleId]: needle } };
}

function withNeedle(
  state: SessionState,
  event: SessionEvent,
  change: (needle: NeedleDone) => Partial<NeedleDone>,
): Changes {
  const needle = state.needles[event.payload.needle_id as string];
  if (!needle) return {};
  return { needles: { ...state.needles, [needle.needle_id]: { ...needle, ...change(needle) } } };
}

function needleConfirmed(state: SessionState, event: SessionEvent): Changes {
  return withNeedle(state, event, () => ({
    depth_mm: event.payload.depth_mm as number,
    deviation_mm: optional(event.payload, "deviation_mm"),
    confirmed_by: event.actor.name,
    guide: optional(event.payload, "guide"),
    confirmed_ms: event.t_server_ms,
  }));
}

/** What was confirmed no longer holds. */
function needleRepositioned(state: SessionState, event: SessionEvent): Changes {
  return withNeedle(state, event, (needle) => ({
    repositions: needle.repositions + 1,
    confirmed_ms: null,
    confirmed_by: null,
    guide: null,
    deviation_mm: null,
  }));
}

function energyStarted(state: SessionState, event: SessionEvent): Changes {
  const payload = event.payload;
  const run: EnergyRun = {
    run_id: payload.run_id as string,
    needle_id: payload.needle_id as string,
    device: payload.device as string,
    mode: payload.mode as string,
    power_w: payload.power_w as number,
    planned_s: payload.planned_s as number,
    position: optional(payload, "position"),
    started_ms: event.t_server_ms,
    samples: 0,
    last: null,
    stopped_ms: null,
    time_s: null,
    energy_kj: null,
    stop_reason: null,
  };
  return { energy: [...state.energy, run] };
}

function withRun(state: SessionState, event: SessionEvent, change: (run: EnergyRun) => Partial<EnergyRun>): Changes {
  const runId = event.payload.run_id as string;
  return { energy: state.energy.map((run) => (run.run_id === runId ? { ...run, ...change(run) } : run)) };
}

function energySampled(state: SessionState, event: SessionEvent): Changes {
  const sample = Object.fromEntries(Object.entries(event.payload).filter(([name]) => name !== "run_id"));
  return withRun(state, event, (run) => ({ samples: run.samples + 1, last: sample }));
}

function energyStopped(state: SessionState, event: SessionEvent): Changes {
  return withRun(state, event, () => ({
    stopped_ms: event.t_server_ms,
    time_s: event.payload.time_s as number,
    energy_kj: optional(event.payload, "energy_kj"),
    stop_reason: event.payload.reason as string,
  }));
}

function deviceUsed(state: SessionState, event: SessionEvent): Changes {
  const payload = event.payload;
  const device: DeviceUsed = {
    udi: payload.udi as string,
    name: payload.name as string,
    model: payload.model as string,
    lot: payload.lot as string,
    expires_on: optional(payload, "expires_on"),
    single_use: payload.single_use as boolean,
    needle_id: optional(payload, "needle_id"),
    t_ms: event.t_server_ms,
  };
  return { devices: [...state.devices, device] };
}

function noted(state: SessionState, event: SessionEvent): Changes {
  const entry = {
    event_id: event.id,
    kind: event.type,
    values: event.payload,
    by_name: event.actor.name,
    t_ms: event.t_server_ms,
  };
  return { entries: [...state.entries, entry] };
}

/** These change nothing but the list of what was noted. */
const TABLE_ENTRIES = [
  "anaesthesia.given",
  "scan.done",
  "hydrodissection.done",
  "ct.assessed",
  "vitals.taken",
  "drug.given",
  "fluid.given",
  "transfusion.given",
  "specimen.taken",
  "complication.noted",
  "procedure.aborted",
  "procedure.converted",
] as const;

export const tableReducers: Record<string, Reducer> = {
  "plan.loaded": planLoaded,
  "needle.punctured": needlePunctured,
  "needle.advanced": (state, event) => withNeedle(state, event, () => ({ depth_mm: event.payload.depth_mm as number })),
  "needle.confirmed": needleConfirmed,
  "needle.repositioned": needleRepositioned,
  "needle.withdrawn": (state, event) =>
    withNeedle(state, event, () => ({
      withdrawn_ms: event.t_server_ms,
      intact: event.payload.intact as boolean,
    })),
  "energy.started": energyStarted,
  "energy.sampled": energySampled,
  "energy.stopped": energyStopped,
  "seeds.issued": (state, event) => ({
    seeds: { ...state.seeds, issued: state.seeds.issued + (event.payload.count as number), left: null },
  }),
  "seeds.dropped": (state, event) => ({
    seeds: { ...state.seeds, dropped: state.seeds.dropped + (event.payload.count as number) },
  }),
  "seeds.counted": (state, event) => ({ seeds: { ...state.seeds, left: event.payload.left as number } }),
  "device.used": deviceUsed,
  ...Object.fromEntries(TABLE_ENTRIES.map((kind) => [kind, noted])),
};
