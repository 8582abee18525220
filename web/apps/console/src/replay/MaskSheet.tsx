import type { Mask } from "@tongtai/api-client";
import { fitPicture, type Size } from "@tongtai/geometry";
import { useElementSize } from "@tongtai/react";
import { type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

/** A tap is no rectangle. */
const LEAST = 0.01;
const DECIMALS = 10_000;

interface MaskSheetProps {
  readonly masks: readonly Mask[];
  readonly pictureSize: Size | null;
  readonly label: string;
  onAdd(mask: Mask): void;
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

const round = (value: number) => Math.round(Math.min(Math.max(value, 0), 1) * DECIMALS) / DECIMALS;

function between(a: Corner, b: Corner): Mask | null {
  const mask = {
    left: round(Math.min(a.x, b.x)),
    right: round(Math.max(a.x, b.x)),
    top: round(Math.min(a.y, b.y)),
    bottom: round(Math.max(a.y, b.y)),
  };
  return mask.right - mask.left < LEAST || mask.bottom - mask.top < LEAST ? null : mask;
}

/** Over a picture: rectangles are drawn with the hand; the fields beside it do the same by keyboard. */
export function MaskSheet({ masks, pictureSize, label, onAdd }: MaskSheetProps) {
  const { t } = useTranslation("replay");
  const sheet = useRef<HTMLDivElement>(null);
  const box = useElementSize(sheet);
  const rect = box && pictureSize ? fitPicture(pictureSize, box) : null;
  const [from, setFrom] = useState<Corner | null>(null);
  const [to, setTo] = useState<Corner | null>(null);
  const cornerOf = (event: PointerEvent<HTMLDivElement>): Corner | null => {
    if (!rect) return null;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return { x: (event.clientX - left - rect.left) / rect.width, y: (event.clientY - top - rect.top) / rect.height };
  };
  const making = from && to ? between(from, to) : null;
  const finish = () => {
    if (making) onAdd(making);
    setFrom(null);
    setTo(null);
  };
  return (
    <div
      ref={sheet}
      className="mask-sheet"
      role="img"
      aria-label={t("masksOn", { feed: label, count: masks.length })}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom(cornerOf(event));
      }}
      onPointerMove={(event) => {
        if (from) setTo(cornerOf(event));
      }}
      onPointerUp={finish}
      onPointerCancel={finish}
    >
      {rect &&
        [...masks, ...(making ? [making] : [])].map((mask, index) => (
          <span
            key={`${index}/${mask.left}/${mask.top}`}
            className="mask-sheet__mask"
            style={{
              left: rect.left + mask.left * rect.width,
              top: rect.top + mask.top * rect.height,
              width: (mask.right - mask.left) * rect.width,
              height: (mask.bottom - mask.top) * rect.height,
            }}
          />
        ))}
    </div>
  );
}
