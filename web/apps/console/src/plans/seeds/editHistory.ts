/** What was changed, what was taken back, and what is chosen. */
import type { Arrangement, Change, SeedAt } from "./arrangement";

export interface EditState {
  readonly past: readonly Change[];
  readonly present: Change;
  readonly future: readonly Change[];
}

export type EditAct =
  | { readonly kind: "changed"; readonly to: Change }
  | { readonly kind: "chosen"; readonly seed: SeedAt | null }
  | { readonly kind: "undone" }
  | { readonly kind: "redone" };

export function begun(needles: Arrangement): EditState {
  const depth_mm = needles[0]?.seed_depths_mm[0];
  const chosen = depth_mm === undefined ? null : { needle: 0, depth_mm };
  return { past: [], present: { needles, chosen }, future: [] };
}

/** Choosing is no change: it is not taken back. A new change forgets what was taken back before. */
export function editReducer(state: EditState, act: EditAct): EditState {
  const { past, present, future } = state;
  switch (act.kind) {
    case "changed":
      return { past: [...past, present], present: act.to, future: [] };
    case "chosen":
      return { ...state, present: { ...present, chosen: act.seed } };
    case "undone": {
      const before = past.at(-1);
      return before ? { past: past.slice(0, -1), present: before, future: [present, ...future] } : state;
    }
    case "redone": {
      const [next, ...later] = future;
      return next ? { past: [...past, present], present: next, future: later } : state;
    }
  }
}
