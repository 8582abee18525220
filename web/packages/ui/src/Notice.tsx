import { CircleAlert, Inbox } from "lucide-react";
import type { ReactNode } from "react";

interface NoticeProps {
  readonly title: string;
  readonly text?: ReactNode;
  readonly action?: ReactNode;
}

/** An empty place that says what to do first. */
export function EmptyState({ title, text, action }: NoticeProps) {
  return (
    <div className="tt-notice">
      <Inbox size={32} aria-hidden="true" />
      <p className="tt-notice__title">{title}</p>
      {text !== undefined && <p className="tt-notice__text">{text}</p>}
      {action}
    </div>
  );
}

/** What happened, what was kept, what to do. */
export function ErrorState({ title, text, action }: NoticeProps) {
  return (
    <div className="tt-notice" data-level="bad" role="alert">
      <CircleAlert size={32} aria-hidden="true" />
      <p className="tt-notice__title">{title}</p>
      {text !== undefined && <p className="tt-notice__text">{text}</p>}
      {action}
    </div>
  );
}
