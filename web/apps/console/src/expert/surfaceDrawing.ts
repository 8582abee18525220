import { sameSurface, type Stroke, type Surface } from "@tongtai/session-core";
import { useDrawing, type DrawingTarget, type DrawnStroke, type SessionHandle } from "@tongtai/react";

import { usePersonName, useTeamName } from "../shell/preferences";
import { useMe } from "../shell/session";
import { useNotices } from "./notices";

/** The strokes on one surface: everybody's, and this author's in the order in which they were drawn. */
export function strokesOn(strokes: readonly Stroke[], surface: Surface, authorId: string) {
  const here = strokes.filter((stroke) => sameSurface(stroke.surface, surface));
  return { here, mine: here.filter(({ by_id }) => by_id === authorId) };
}

/** Drawing on one surface (a feed, a frozen picture, a CT slice), with undo and clear of one's own strokes. */
export function useSurfaceDrawing(session: SessionHandle, caseId: string, surface: DrawingTarget) {
  const me = useMe();
  const personName = usePersonName();
  const { watch } = useNotices();
  const author = { id: me.user.id, name: personName(me.user) };
  const handle = useDrawing(caseId, author, useTeamName(session.snapshot?.case.team));
  const { here, mine } = strokesOn(session.snapshot?.state.strokes ?? [], surface, author.id);
  return {
    ...handle,
    author,
    surface,
    any: here.length > 0,
    canUndo: mine.length > 0,
    add: (stroke: DrawnStroke) => {
      watch(handle.draw(stroke));
    },
    partial: handle.drawPartial,
    undo: () => {
      const last = mine.at(-1);
      if (last) watch(session.send({ type: "draw.undone", payload: { stroke_id: last.stroke_id } }));
    },
    clear: () => {
      if (mine.length > 0) watch(session.send({ type: "draw.cleared", payload: { surface, mine_only: true } }));
    },
  };
}

export type SurfaceDrawing = ReturnType<typeof useSurfaceDrawing>;
