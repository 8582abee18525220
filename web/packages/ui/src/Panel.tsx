import { type ReactNode, useId } from "react";

export interface PanelProps {
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  /** No inner margin, for tables and pictures that reach the border. */
  readonly flush?: boolean;
  readonly children: ReactNode;
  readonly className?: string;
}

export function Panel({ title, actions, flush = false, children, className }: PanelProps) {
  const titleId = useId();
  const hasTitle = title !== undefined && title !== null;
  return (
    <section className={`tt-panel ${className ?? ""}`} aria-labelledby={hasTitle ? titleId : undefined}>
      {hasTitle && (
        <header className="tt-panel__head">
          <h2 className="tt-panel__title" id={titleId}>
            {title}
          </h2>
          {actions !== undefined && <div className="tt-panel__actions">{actions}</div>}
        </header>
      )}
      <div className="tt-panel__body" data-flush={flush}>
        {children}
      </div>
    </section>
  );
}
