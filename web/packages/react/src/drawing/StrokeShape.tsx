import type { Size } from "@tongtai/geometry";
import { memo, type ReactElement } from "react";
import { Arrow, Ellipse, Group, Path, Text } from "react-konva";

import type { ShownStroke } from "./model";
import { arrowShape, ellipseShape, penPath, REFERENCE_WIDTH, RIM_WIDTH, TEXT_HEIGHT, toReference } from "./shapes";

const RIM_COLOUR = "rgba(5, 8, 12, 0.85)";
const NAME_HEIGHT = 22;
const FONT = "'Noto Sans SC Variable', 'Noto Sans SC', sans-serif";

interface StrokeShapeProps {
  readonly stroke: ShownStroke;
  readonly picture: Size;
  /** False while the hand still draws: the end of a pen stroke is then not closed. */
  readonly finished: boolean;
  readonly showName: boolean;
}

function Line({ stroke, picture, finished }: Omit<StrokeShapeProps, "showName">): ReactElement | null {
  const width = Math.max(2, stroke.width * REFERENCE_WIDTH);
  if (stroke.tool === "pen") {
    const data = penPath(stroke, picture, finished);
    return (
      <>
        <Path data={data} stroke={RIM_COLOUR} strokeWidth={RIM_WIDTH} lineJoin="round" />
        <Path data={data} fill={stroke.colour} />
      </>
    );
  }
  if (stroke.tool === "ellipse") {
    const ellipse = ellipseShape(stroke, picture);
    if (!ellipse) return null;
    return (
      <>
        <Ellipse {...ellipse} stroke={RIM_COLOUR} strokeWidth={width + RIM_WIDTH} />
        <Ellipse {...ellipse} stroke={stroke.colour} strokeWidth={width} />
      </>
    );
  }
  const points = arrowShape(stroke, picture);
  if (!points) return null;
  const head = { pointerLength: width * 5, pointerWidth: width * 4.5, lineCap: "round" as const };
  return (
    <>
      <Arrow points={points} {...head} stroke={RIM_COLOUR} fill={RIM_COLOUR} strokeWidth={width + RIM_WIDTH} />
      <Arrow points={points} {...head} stroke={stroke.colour} fill={stroke.colour} strokeWidth={width} />
    </>
  );
}

function Words({ stroke, picture }: Pick<StrokeShapeProps, "stroke" | "picture">): ReactElement {
  const at = toReference(stroke.points[0] ?? [0, 0], picture);
  const words = stroke.author_name ? `${stroke.author_name}: ${stroke.text ?? ""}` : (stroke.text ?? "");
  return (
    <Text
      x={at.x}
      y={at.y - TEXT_HEIGHT / 2}
      width={Math.max(REFERENCE_WIDTH - at.x - 8, TEXT_HEIGHT * 4)}
      text={words}
      fontFamily={FONT}
      fontSize={TEXT_HEIGHT}
      fontStyle="600"
      fill={stroke.colour}
      stroke={RIM_COLOUR}
      strokeWidth={RIM_WIDTH * 2}
      fillAfterStrokeEnabled
      lineJoin="round"
    />
  );
}

/** The author's name above the beginning of a stroke. */
function AuthorName({ stroke, picture }: Pick<StrokeShapeProps, "stroke" | "picture">): ReactElement {
  const at = toReference(stroke.points[0] ?? [0, 0], picture);
  return (
    <Text
      x={at.x + 6}
      y={Math.max(2, at.y - NAME_HEIGHT * 1.5)}
      text={stroke.author_name ?? ""}
      fontFamily={FONT}
      fontSize={NAME_HEIGHT}
      fill={stroke.colour}
      stroke={RIM_COLOUR}
      strokeWidth={RIM_WIDTH * 2}
      fillAfterStrokeEnabled
    />
  );
}

/** One stroke; drawn again only when it has changed. */
export const StrokeShape = memo(function StrokeShape(props: StrokeShapeProps): ReactElement {
  const { stroke, picture, finished, showName } = props;
  return (
    <Group listening={false}>
      {stroke.tool === "text" ? (
        <Words stroke={stroke} picture={picture} />
      ) : (
        <Line stroke={stroke} picture={picture} finished={finished} />
      )}
      {showName && stroke.tool !== "text" && stroke.author_name ? (
        <AuthorName stroke={stroke} picture={picture} />
      ) : null}
    </Group>
  );
});
