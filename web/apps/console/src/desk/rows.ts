/** Tables of cases that are walked with the arrow keys. */
import type { KeyboardEvent } from "react";

/** Arrow keys (or j and k) move over the rows; the others are the table's own. */
export function moveOverRows(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step === undefined) return;
  const rows = [...(event.currentTarget.parentElement?.querySelectorAll<HTMLElement>("tr.row-link") ?? [])];
  const next = rows[rows.indexOf(event.currentTarget) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
