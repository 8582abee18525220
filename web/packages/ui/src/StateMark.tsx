import type { ReactNode } from "react";

export type Level = "good" | "warn" | "bad" | "info" | "off";

/** One shape per level, so that a greyscale print and colour-blind eyes lose nothing. */
const SHAPES: Readonly<Record<Level, ReactNode>> = {
  good: <circle cx="6" cy="6" r="5" />,
  warn: <path d="M6 1 11.5 11H0.5Z" />,
  bad: <rect x="1" y="1" width="10" height="10" />,
  info: <path d="M6 0.5 11.5 6 6 11.5 0.5 6Z" />,
  off: <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.6" />,
};

export interface StateMarkProps {
  readonly level: Level;
  /** The word beside the shape. Never leave it out: colour and shape alone say nothing to a newcomer. */
  readonly children: ReactNode;
  readonly title?: string;
}

export function StateMark({ level, children, title }: StateMarkProps) {
  return (
    <span className="tt-mark" data-level={level} title={title}>
      <svg viewBox="0 0 12 12" fill="currentColor" aria-hidden="true">
        {SHAPES[level]}
      </svg>
      <span>{children}</span>
    </span>
  );
}
