import { EmptyState, ToolButton } from "@tongtai/ui";
import { memo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useElementSize } from "../drawing";
import type { WallRoom } from "../session/useWall";
import { RoomTile } from "./RoomTile";
import type { RoomOrder } from "./useRoomOrder";
import "./wall.css";

/** Below this a tile's words cannot be read from a chair; more rooms go to the next page. */
const LEAST_WIDTH = 300;
const LEAST_HEIGHT = 190;

/** The three lines of words of a tile, in pixels. */
const WORDS_HEIGHT = 92;

/** The grid that gives `count` 16:9 tiles the most area in a box of this size in pixels. */
export function gridFor(count: number, width: number, height: number): { columns: number; rows: number } {
  const mostColumns = Math.max(1, Math.floor(width / LEAST_WIDTH));
  const mostRows = Math.max(1, Math.floor(height / LEAST_HEIGHT));
  let best = { columns: mostColumns, rows: mostRows };
  let bestArea = 0;
  for (let columns = 1; columns <= mostColumns; columns += 1) {
    const rows = Math.ceil(count / columns);
    if (rows > mostRows) continue;
    const tileWidth = Math.min(width / columns, ((height / rows) * 16) / 9);
    if (tileWidth > bestArea) {
      bestArea = tileWidth;
      best = { columns, rows };
    }
  }
  return best;
}

interface WallProps {
  readonly order: RoomOrder;
  readonly numberOf: (caseId: string) => number;
  readonly now_ms: number;
  readonly onFocus: (caseId: string) => void;
}

/** All rooms at once. */
export function Wall({ order, numberOf, now_ms, onFocus }: WallProps) {
  const { t } = useTranslation("expert");
  const box = useRef<HTMLDivElement>(null);
  const size = useElementSize(box);
  const [page, setPage] = useState(0);
  const { columns, rows } = gridFor(order.rooms.length, size?.width ?? 1_920, size?.height ?? 1_000);
  // Higher than its picture and its lines of words a tile is not worth more.
  const rowHeight = Math.round(((size?.width ?? 1_920) / columns) * (9 / 16)) + WORDS_HEIGHT;
  const perPage = columns * rows;
  const pages = Math.max(1, Math.ceil(order.rooms.length / perPage));
  const current = Math.min(page, pages - 1);
  const shown = order.rooms.slice(current * perPage, (current + 1) * perPage);
  return (
    <div className="wall">
      <div
        className="wall__grid"
        ref={box}
        data-testid="wall"
        style={{
          gridTemplateColumns: `repeat(${columns}, 1fr)`,
          gridTemplateRows: `repeat(${rows}, minmax(0, ${rowHeight}px))`,
        }}
      >
        {order.rooms.length === 0 && <EmptyState title={t("wall.empty")} text={t("wall.emptyText")} />}
        {shown.map((room, place) => (
          <WallTile
            key={room.caseId}
            {...{ room, now_ms, onFocus }}
            index={current * perPage + place}
            number={numberOf(room.caseId)}
            move={order.move}
          />
        ))}
      </div>
      {pages > 1 && (
        <nav className="wall__pages" aria-label={t("wall.pages")}>
          {Array.from({ length: pages }, (_, index) => (
            <ToolButton
              key={index}
              label={t("wall.page", { page: index + 1, pages })}
              pressed={index === current}
              onClick={() => {
                setPage(index);
              }}
            />
          ))}
        </nav>
      )}
    </div>
  );
}

interface WallTileProps {
  readonly room: WallRoom;
  readonly number: number;
  readonly index: number;
  readonly move: RoomOrder["move"];
  readonly now_ms: number;
  readonly onFocus: (caseId: string) => void;
}

/** Rendered when its own room changes, and with the clock. */
const WallTile = memo(function WallTile({ room, number, index, move, now_ms, onFocus }: WallTileProps) {
  return (
    <RoomTile
      {...{ room, number, now_ms }}
      onFocus={() => {
        onFocus(room.caseId);
      }}
      onMove={(by) => {
        move(room.caseId, index + by);
      }}
      onDropTile={(caseId) => {
        move(caseId, index);
      }}
    />
  );
});
