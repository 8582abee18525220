import { type ReactElement, useMemo } from "react";

import { DrawingSurface, type DrawingSurfaceProps, type ShownPointer } from "../drawing";
import { asWritten, type Naming } from "./useDrawing";
import { usePassing } from "./usePassing";

export type LiveDrawingSurfaceProps = Omit<DrawingSurfaceProps, "pointers"> & {
  readonly caseId: string;
  readonly named?: Naming;
};

const NO_POINTERS: readonly ShownPointer[] = [];

/** A drawing surface with what is under other people's hands; of the page it alone is rendered as they move. */
export function LiveDrawingSurface({ caseId, named = asWritten, ...props }: LiveDrawingSurfaceProps): ReactElement {
  const { surface } = props;
  const passing = usePassing(caseId, named);
  const strokes = useMemo(() => [...passing.strokes, ...props.strokes], [passing.strokes, props.strokes]);
  const feed = surface.kind === "feed" && surface.frozen === undefined ? surface.feed : null;
  const pointers = feed === null ? NO_POINTERS : passing.pointers.filter((pointer) => pointer.feed === feed);
  return <DrawingSurface {...props} strokes={strokes} pointers={pointers} />;
}
