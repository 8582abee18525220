import type { OrientationMarks } from "@tongtai/geometry";

const BORDERS = ["left", "right", "top", "bottom"] as const;

/** Which side of the patient each border of a picture faces. */
export function Marks({ marks }: { readonly marks: OrientationMarks }) {
  return BORDERS.map((border) => (
    <span key={border} className="tt-ct__mark" data-border={border}>
      {marks[border]}
    </span>
  ));
}
