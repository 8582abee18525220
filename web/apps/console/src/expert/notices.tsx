import { CircleAlert, CircleCheck } from "lucide-react";
import { createContext, use, useCallback, useMemo, useState, type ReactNode } from "react";

import { useErrorText } from "../shell/errors";

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
}

interface Notices {
  readonly tell: (text: string) => void;
  /** Waits for what was asked for and says what happened when it was refused. */
  readonly watch: (asked: Promise<unknown>) => void;
}

const NoticesContext = createContext<Notices | null>(null);
const SHOWN_MS = 6_000;

/** Short messages at the foot of the page, which never take the keyboard away from what somebody does. */
export function NoticesProvider({ children }: { readonly children: ReactNode }) {
  const errorText = useErrorText();
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const show = useCallback((text: string, bad: boolean) => {
    const id = performance.now();
    setNotices((before) => [...before.slice(-2), { id, text, bad }]);
    window.setTimeout(() => {
      setNotices((before) => before.filter((notice) => notice.id !== id));
    }, SHOWN_MS);
  }, []);
  const value = useMemo<Notices>(
    () => ({
      tell: (text) => {
        show(text, false);
      },
      watch: (asked) => {
        asked.catch((error: unknown) => {
          show(errorText(error), true);
        });
      },
    }),
    [show, errorText],
  );
  return (
    <NoticesContext value={value}>
      {children}
      <div className="notices" aria-live="assertive">
        {notices.map(({ id, text, bad }) => (
          <p key={id} data-bad={bad} data-testid="notice">
            {bad ? <CircleAlert size={18} aria-hidden="true" /> : <CircleCheck size={18} aria-hidden="true" />}
            {text}
          </p>
        ))}
      </div>
    </NoticesContext>
  );
}

export function useNotices(): Notices {
  const notices = use(NoticesContext);
  if (!notices) throw new Error("NoticesProvider is missing");
  return notices;
}
