import type { OrientationMarks } from "@tongtai/geometry";

const PLACES = {
  left: { left: 6, top: "50%" },
  right: { right: 6, top: "50%" },
  top: { top: 28, left: "50%" },
  bottom: { bottom: 34, left: "50%" },
} as const;

/** Which side of the patient each border of a picture faces. */
export function Marks({ marks }: { readonly marks: OrientationMarks }) {
  return (Object.keys(PLACES) as (keyof OrientationMarks)[]).map((border) => (
    <span key={border} className="tt-ct__mark" style={PLACES[border]}>
      {marks[border]}
    </span>
  ));
}
