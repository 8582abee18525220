/** Seeds of a plan being changed: what is in force, what the server says of it, and the plan as it would be. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ChangedSeeds, plansApi, type SeedPlanDocument, type StoredSeedPlan } from "@tongtai/api-client";
import { doseVoxels, gunzip, type Voxels } from "@tongtai/viewer-core/plan";
import { useMemo, useReducer, useState } from "react";

import { jobsKey } from "../queries";
import { arrangementOf, type Change, type SeedAt } from "./arrangement";
import { begun, editReducer, type EditState } from "./editHistory";

/** Some steps back are at hand without asking again. */
const KEPT_MS = 60_000;

export interface Looked {
  readonly told: ChangedSeeds;
  readonly dose: Voxels<Float32Array>;
}

async function doseOf({ dose }: ChangedSeeds): Promise<Voxels<Float32Array>> {
  const packed = Uint8Array.from(atob(dose.voxels), (letter) => letter.charCodeAt(0));
  const bytes = await gunzip(packed);
  const steps = new Uint16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 2));
  // Each is told as what it is more than the one before; the array's own width takes the sum modulo 65536.
  for (let at = 1; at < steps.length; at += 1) steps[at] = (steps[at] ?? 0) + (steps[at - 1] ?? 0);
  const gray = Float32Array.from(steps, (step) => step * dose.step_gy);
  const header = { shape: dose.shape, index_to_lps: dose.index_to_lps as never };
  return doseVoxels(header, new Uint8Array(gray.buffer));
}

/** The plan with the changed needles, seeds, goals and doses; what is only known of a finished plan is left out. */
export function planWith(plan: SeedPlanDocument, told: ChangedSeeds): SeedPlanDocument {
  const [sample] = plan.needles;
  if (!sample) return plan;
  const before = new Map(plan.needles.map((needle) => [needle.entry_lps_mm.join(), needle]));
  const needles = told.needles.map((needle) => ({
    ...sample,
    near: [],
    ...before.get(needle.entry_lps_mm.join()),
    ...needle,
  }));
  const used = new Map(told.needles.map(({ hole, id }) => [hole, id]));
  const template = plan.template && {
    ...plan.template,
    holes: plan.template.holes.map((hole) => ({ ...hole, needle: used.get(hole.name) ?? "" })),
  };
  const { goals, doses, seeds } = told as unknown as Pick<SeedPlanDocument, "goals" | "doses" | "seeds">;
  return { ...plan, template, needles, seeds, goals, doses, band: null };
}

export interface SeedEdit {
  readonly state: EditState;
  readonly looked: Looked | null;
  readonly waiting: boolean;
  readonly error: unknown;
  readonly change: (to: Change | null) => void;
  readonly choose: (seed: SeedAt | null) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Ask for the changed seeds as a plan of one's own. */
  readonly save: () => Promise<void>;
  readonly close: () => void;
}

/** `null` until somebody begins. */
export function useSeedEdit(caseId: string, stored: StoredSeedPlan) {
  const { plan, summary } = stored;
  const queries = useQueryClient();
  const [editing, setEditing] = useState(false);
  const [state, act] = useReducer(editReducer, plan, (first) => begun(arrangementOf(first)));
  const { needles } = state.present;
  const query = useQuery({
    queryKey: ["changed-seeds", caseId, summary.id, needles],
    enabled: editing,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Looked> => {
      const told = await plansApi.lookAtSeeds(caseId, summary.id, needles, signal);
      return { told, dose: await doseOf(told) };
    },
  });
  const looked = editing ? (query.data ?? null) : null;
  const shown = useMemo(() => (looked ? planWith(plan, looked.told) : plan), [plan, looked]);
  const edit: SeedEdit | null = editing
    ? {
        state,
        looked,
        waiting: query.isFetching,
        error: query.error,
        change: (to) => {
          if (to) act({ kind: "changed", to });
        },
        choose: (seed) => act({ kind: "chosen", seed }),
        undo: () => act({ kind: "undone" }),
        redo: () => act({ kind: "redone" }),
        save: async () => {
          await plansApi.planOfSeeds(caseId, summary.id, needles);
          await queries.invalidateQueries({ queryKey: jobsKey(caseId) });
        },
        close: () => setEditing(false),
      }
    : null;
  return { edit, shown, dose: looked?.dose ?? null, begin: () => setEditing(true) };
}
