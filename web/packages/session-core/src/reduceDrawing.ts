/** What drawing and freezing change. */
import type { FrozenPicture, Json, SessionEvent, SessionState, Stroke, Surface } from "./types";

type Changes = Partial<SessionState>;

const SURFACE_FIELDS = ["kind", "feed", "frozen", "series_uid", "sop_uid"] as const;
const FIRST_FRAME = 1;

/** Whether two surfaces are the same picture; an absent field equals null, an absent frame the first. */
export function sameSurface(one: Surface, other: Surface): boolean {
  const a = one as unknown as Json;
  const b = other as unknown as Json;
  if ((a.frame ?? FIRST_FRAME) !== (b.frame ?? FIRST_FRAME)) return false;
  return SURFACE_FIELDS.every((name) => (a[name] ?? null) === (b[name] ?? null));
}

function drawAdded(state: SessionState, event: SessionEvent): Changes {
  const payload = event.payload;
  const stroke: Stroke = {
    stroke_id: payload.stroke_id as string,
    surface: payload.surface as Surface,
    tool: payload.tool as Stroke["tool"],
    points: payload.points as [number, number][],
    text: (payload.text as string | undefined) ?? null,
    colour: payload.colour as string,
    width: payload.width as number,
    by_id: event.actor.id,
    by_name: event.actor.name,
    t_ms: event.t_server_ms,
  };
  return { strokes: [...state.strokes, stroke] };
}

function drawCleared(state: SessionState, event: SessionEvent): Changes {
  const surface = event.payload.surface as Surface;
  const mineOnly = event.payload.mine_only as boolean;
  return {
    strokes: state.strokes.filter(
      (stroke) => !sameSurface(stroke.surface, surface) || (mineOnly && stroke.by_id !== event.actor.id),
    ),
  };
}

function withoutFrozen(strokes: Stroke[], picture: FrozenPicture | undefined): Stroke[] {
  if (!picture) return strokes;
  return strokes.filter(({ surface }) => !(surface.kind === "feed" && surface.frozen === picture.freeze_id));
}

function pictureFrozen(state: SessionState, event: SessionEvent): Changes {
  const feed = event.payload.feed as string;
  const picture: FrozenPicture = {
    freeze_id: event.payload.freeze_id as string,
    feed,
    jpeg_data_url: (event.payload.jpeg_data_url as string | undefined) ?? null,
    by_id: event.actor.id,
    by_name: event.actor.name,
    since_ms: event.t_server_ms,
  };
  return {
    frozen: { ...state.frozen, [feed]: picture },
    // A drawing belongs to its moment: a new frozen picture starts clean.
    strokes: withoutFrozen(state.strokes, state.frozen[feed]),
  };
}

function pictureUnfrozen(state: SessionState, event: SessionEvent): Changes {
  const id = event.payload.freeze_id;
  const picture = Object.values(state.frozen).find((frozen) => frozen.freeze_id === id);
  return {
    frozen: Object.fromEntries(Object.entries(state.frozen).filter(([, frozen]) => frozen.freeze_id !== id)),
    strokes: withoutFrozen(state.strokes, picture),
  };
}

export const drawingReducers: Record<string, (state: SessionState, event: SessionEvent) => Changes> = {
  "draw.added": drawAdded,
  "draw.undone": (state, event) => ({
    strokes: state.strokes.filter((stroke) => stroke.stroke_id !== event.payload.stroke_id),
  }),
  "draw.cleared": drawCleared,
  "picture.frozen": pictureFrozen,
  "picture.unfrozen": pictureUnfrozen,
};
