import { type PicturePlane, planeSize, projectOnPlane, type Spheroid, type Vector3 } from "@tongtai/geometry";

import { namesApart, type NeedleLine, type NeedleOnPlane, needleOnPlane, zonesOnPlane } from "./overlay";
import "./plan.css";

export interface PlaneOverlayProps {
  readonly plane: PicturePlane;
  readonly technique: string;
  readonly needles: readonly NeedleLine[];
  /** The needle that is talked about; the others are quieter. */
  readonly chosen?: string | undefined;
  readonly zones: readonly Spheroid[];
  readonly outlines?: readonly { readonly colour: string; readonly path: string; readonly strong: boolean }[];
  /** The outline of tumour and margin. */
  readonly target?: string;
  /** The point at which the planes cross. */
  readonly cross?: Vector3 | undefined;
  /** Where the margin is thinnest. */
  readonly thinnest?: Vector3 | undefined;
  /** Lines of equal dose, in mm of the picture. */
  readonly isodoses?: readonly { readonly share: number; readonly path: string }[];
  readonly seeds?: readonly Vector3[];
  /** The seed that somebody is changing. */
  readonly chosenSeed?: Vector3 | undefined;
  readonly holes?: readonly HoleMark[];
  /** How tall letters are, on the patient's scale: the picture's size on the screen is not known here. */
  readonly letter_mm?: number;
}

/** Where a template's hole lies; its line crosses the plane there. */
export interface HoleMark {
  readonly name: string;
  readonly at: Vector3;
  readonly state: "free" | "used" | "closed";
}

/** A place off the plane is not marked on it. */
const MARK_WITHIN_MM = 2.5;

interface NeedleShapeProps {
  readonly needle: NeedleOnPlane;
  readonly chosen: boolean;
  readonly letter_mm: number;
  /** How many letters its name moves down, out of another's way. */
  readonly down: number;
}

function NeedleShape({ needle, chosen, letter_mm, down }: NeedleShapeProps) {
  const { entry, tip, inside } = needle;
  return (
    <g className="tt-plane__needle" data-chosen={chosen}>
      <line className="tt-plane__way" x1={entry.x} y1={entry.y} x2={tip.x} y2={tip.y} />
      {inside ? (
        <>
          <line className="tt-plane__halo" x1={inside[0].x} y1={inside[0].y} x2={inside[1].x} y2={inside[1].y} />
          <line className="tt-plane__shaft" x1={inside[0].x} y1={inside[0].y} x2={inside[1].x} y2={inside[1].y} />
        </>
      ) : null}
      <circle className="tt-plane__tip" cx={tip.x} cy={tip.y} r={1.6} />
      <text
        className="tt-plane__name"
        x={entry.x - letter_mm / 2}
        y={entry.y + letter_mm * (down - 0.25)}
        fontSize={letter_mm}
      >
        {needle.id}
      </text>
    </g>
  );
}

function Cross({ plane, at }: { readonly plane: PicturePlane; readonly at: Vector3 }) {
  const { x_mm: x, y_mm: y } = projectOnPlane(plane, at);
  const { width_mm, height_mm } = planeSize(plane);
  const gap = 6;
  return (
    <g className="tt-plane__cross">
      <path d={`M0 ${y}H${x - gap}M${x + gap} ${y}H${width_mm}M${x} 0V${y - gap}M${x} ${y + gap}V${height_mm}`} />
    </g>
  );
}

function Thinnest({ plane, at }: { readonly plane: PicturePlane; readonly at: Vector3 }) {
  const { x_mm: x, y_mm: y, off_mm } = projectOnPlane(plane, at);
  if (Math.abs(off_mm) > MARK_WITHIN_MM) return null;
  return <path className="tt-plane__thinnest" d={`M${x - 2.4} ${y - 2.4}l4.8 4.8m0-4.8l-4.8 4.8`} />;
}

interface SeedsProps {
  readonly plane: PicturePlane;
  readonly seeds: readonly Vector3[];
  readonly chosen: Vector3 | undefined;
}

function Seeds({ plane, seeds, chosen }: SeedsProps) {
  const marks = seeds.map((seed) => {
    const { x_mm, y_mm, off_mm } = projectOnPlane(plane, seed);
    const near = Math.abs(off_mm) <= MARK_WITHIN_MM;
    return near ? <circle key={seed.join()} className="tt-plane__seed" cx={x_mm} cy={y_mm} r={1.2} /> : null;
  });
  const ring = chosen && projectOnPlane(plane, chosen);
  return (
    <>
      {marks}
      {ring && Math.abs(ring.off_mm) <= MARK_WITHIN_MM ? (
        <circle className="tt-plane__chosen-seed" cx={ring.x_mm} cy={ring.y_mm} r={3} />
      ) : null}
    </>
  );
}

function Hole({ plane, hole, letter_mm }: { plane: PicturePlane; hole: HoleMark; letter_mm: number }) {
  const { x_mm: x, y_mm: y } = projectOnPlane(plane, hole.at);
  const { width_mm, height_mm } = planeSize(plane);
  if (x < 0 || y < 0 || x > width_mm || y > height_mm) return null;
  return (
    <g className="tt-plane__hole" data-state={hole.state}>
      {hole.state === "closed" ? (
        <path d={`M${x - 0.9} ${y - 0.9}l1.8 1.8m0-1.8l-1.8 1.8`} />
      ) : (
        <circle cx={x} cy={y} r={hole.state === "used" ? 1.7 : 0.35} />
      )}
      {hole.state === "used" ? (
        <text x={x + 2.2} y={y - 1.4} fontSize={letter_mm * 0.85}>
          {hole.name}
        </text>
      ) : null}
    </g>
  );
}

/** Needles, zones, outlines and marks in millimetres of the picture: exact at any size. */
export function PlaneOverlay(props: PlaneOverlayProps) {
  const {
    plane,
    technique,
    needles,
    chosen,
    zones,
    outlines = [],
    target = "",
    cross,
    thinnest,
    isodoses = [],
    seeds = [],
    chosenSeed,
    holes = [],
    letter_mm = 9,
  } = props;
  const { width_mm, height_mm } = planeSize(plane);
  const shapes = needles.map((needle) => needleOnPlane(plane, needle));
  const downs = namesApart(
    shapes.map(({ entry }) => entry),
    letter_mm,
  );
  return (
    <svg className="tt-plane__overlay" viewBox={`0 0 ${width_mm} ${height_mm}`} aria-hidden="true">
      {outlines.map(({ colour, path, strong }) => (
        <path
          key={colour + path.slice(0, 24)}
          className="tt-plane__outline"
          data-strong={strong}
          d={path}
          stroke={colour}
        />
      ))}
      {target === "" ? null : <path className="tt-plane__target" d={target} />}
      {zonesOnPlane(plane, zones).map((zone, index) => (
        <ellipse
          key={index}
          className="tt-plane__zone"
          data-technique={technique}
          rx={zone.semi_x_mm}
          ry={zone.semi_y_mm}
          transform={`translate(${zone.x_mm} ${zone.y_mm}) rotate(${zone.turn_deg})`}
        />
      ))}
      {isodoses.map(({ share, path }) => (
        <path key={share} className="tt-plane__isodose" data-share={share} d={path} />
      ))}
      {holes.map((hole) => (
        <Hole key={hole.name} {...{ plane, hole, letter_mm }} />
      ))}
      {cross ? <Cross plane={plane} at={cross} /> : null}
      {shapes.map((needle, index) => (
        <NeedleShape
          key={needle.id}
          letter_mm={letter_mm}
          needle={needle}
          down={downs[index] ?? 0}
          chosen={needle.id === (chosen ?? needle.id)}
        />
      ))}
      <Seeds plane={plane} seeds={seeds} chosen={chosenSeed} />
      {thinnest ? <Thinnest plane={plane} at={thinnest} /> : null}
    </svg>
  );
}
