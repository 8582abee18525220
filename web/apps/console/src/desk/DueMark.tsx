import { StateMark } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { useWords } from "../workflow/words";
import { dueOf } from "../workflow/due";

interface DueMarkProps {
  readonly dueAt: string | null;
  readonly timer: string;
}

/** How long a running timer still has, or by how much it is over. */
export function DueMark({ dueAt, timer }: DueMarkProps) {
  const { t } = useTranslation("desk");
  const { named } = useWords();
  const due = dueOf(dueAt, new Date());
  if (due === null) return <span className="shell-dim">—</span>;
  return (
    <StateMark level={due.level} title={named("timers", timer)}>
      {t(`due.${due.word}`, { count: due.count, unit: t(`unit.${due.unit}`) })}
    </StateMark>
  );
}
