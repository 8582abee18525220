import type { Size } from "@tongtai/geometry";
import type { ReactElement } from "react";
import { Circle, Group, Text } from "react-konva";

import type { ShownPointer } from "./model";
import { toReference } from "./shapes";

const RADIUS = 14;

/** Where somebody points: a ring with a dot in its middle, so that the tissue below stays visible, and the name. */
export function PointerMark({ pointer, picture }: { pointer: ShownPointer; picture: Size }): ReactElement {
  const { x, y } = toReference([pointer.x, pointer.y], picture);
  return (
    <Group x={x} y={y} listening={false}>
      <Circle radius={RADIUS} stroke="rgba(5, 8, 12, 0.85)" strokeWidth={7} />
      <Circle radius={RADIUS} stroke={pointer.colour} strokeWidth={4} />
      <Circle radius={3} fill={pointer.colour} />
      <Text
        x={RADIUS + 6}
        y={-11}
        text={pointer.name}
        fontFamily="'Noto Sans SC Variable', 'Noto Sans SC', sans-serif"
        fontSize={22}
        fill={pointer.colour}
        stroke="rgba(5, 8, 12, 0.85)"
        strokeWidth={5}
        fillAfterStrokeEnabled
      />
    </Group>
  );
}
