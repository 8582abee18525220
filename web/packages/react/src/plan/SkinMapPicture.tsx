import {
  paintSkinMap,
  skinCellNear,
  type SkinMap,
  skinPlaceAt,
  skinStateAt,
  type SkinState,
} from "@tongtai/viewer-core/plan";
import type { PointLpsMm, Vector3 } from "@tongtai/geometry";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import "./plan.css";

export interface SkinMapColours {
  readonly open: string;
  readonly closed: ReadonlyMap<string, string>;
  readonly other: string;
}

export interface SkinMapPictureProps {
  readonly map: SkinMap;
  readonly colours: SkinMapColours;
  readonly entries: readonly { readonly id: string; readonly at: Vector3 }[];
  readonly onCell: (state: SkinState, place: PointLpsMm | null) => void;
}

interface Cell {
  readonly column: number;
  readonly row: number;
}

const KEY_MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Steps of the arrow keys across the whole map. */
const KEY_STEPS = 48;

/** Where the patient's sides lie around the trunk; the head is up. */
const SIDES = [
  ["right", -90],
  ["front", 0],
  ["left", 90],
] as const;

const acrossOf = ({ angle_deg: [first, last] }: SkinMap, angle_deg: number): number =>
  ((angle_deg - first) / (last - first)) * 100;

/** The skin of the trunk unrolled; a click or the arrow keys choose a place of it. */
export function SkinMapPicture({ map, colours, entries, onCell }: SkinMapPictureProps) {
  const { t } = useTranslation("plan");
  const canvas = useRef<HTMLCanvasElement>(null);
  const [cell, setCell] = useState<Cell | null>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.canvas.width = map.columns;
    context.canvas.height = map.rows;
    context.putImageData(new ImageData(paintSkinMap(map, colours), map.columns, map.rows), 0, 0);
  }, [map, colours]);
  const choose = ({ column, row }: Cell): void => {
    const kept = {
      column: Math.max(0, Math.min(map.columns - 1, column)),
      row: Math.max(0, Math.min(map.rows - 1, row)),
    };
    setCell(kept);
    onCell(skinStateAt(map, kept.column, kept.row), skinPlaceAt(map, kept.column, kept.row));
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    choose({
      column: Math.floor(((event.clientX - box.left) / box.width) * map.columns),
      row: Math.floor(((event.clientY - box.top) / box.height) * map.rows),
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = KEY_MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const from = cell ?? { column: map.columns >> 1, row: map.rows >> 1 };
    const step = Math.max(1, Math.round(map.columns / KEY_STEPS));
    choose({ column: from.column + move[0] * step, row: from.row + move[1] * step });
  };
  const percent = ({ column, row }: Cell) => ({
    left: `${((column + 0.5) / map.columns) * 100}%`,
    top: `${((row + 0.5) / map.rows) * 100}%`,
  });
  return (
    <div
      className="tt-skin"
      role="application"
      aria-label={t("skin.title")}
      aria-roledescription={t("skin.role")}
      data-testid="skin-map"
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} className="tt-skin__canvas" />
      {entries.map(({ id, at }) => {
        const near = skinCellNear(map, at);
        return near ? (
          <span key={id} className="tt-skin__entry" style={percent(near)}>
            <b>{id}</b>
          </span>
        ) : null;
      })}
      {cell ? <span className="tt-skin__cell" style={percent(cell)} /> : null}
      {SIDES.map(([side, angle_deg]) => (
        <span key={side} className="tt-skin__side" data-side={side} style={{ left: `${acrossOf(map, angle_deg)}%` }}>
          {t(`skin.side.${side}`)}
        </span>
      ))}
    </div>
  );
}
