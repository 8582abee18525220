import type { Step, StepMark, Technique } from "@tongtai/session-core";
import { CRITICAL_STEPS } from "@tongtai/session-core";
import { Check, Zap } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { WaitingCommand } from "./outbox";
import { runningTime, STEPS, stepsView } from "./steps";
import { useNow } from "./useNow";

interface StepBarProps {
  readonly technique: Technique;
  readonly marks: readonly StepMark[];
  readonly waiting: readonly WaitingCommand[];
  readonly enabled: boolean;
  readonly serverNow: () => number;
  readonly onStep: (step: Step) => void;
}

/** The steps of the technique; a touch records that one begins. The current one shows its running time. */
export function StepBar({ technique, marks, waiting, enabled, serverNow, onStep }: StepBarProps) {
  const { t } = useTranslation("room");
  const now = useNow(serverNow);
  const view = stepsView(marks, waiting);
  return (
    <nav className="room-steps" aria-label={t("step_label")}>
      {STEPS[technique].map((step) => {
        const current = step === view.current;
        const critical = CRITICAL_STEPS.has(step);
        return (
          <button
            key={step}
            type="button"
            className="room-step"
            data-testid={`step-${step}`}
            data-critical={critical}
            data-done={view.done.has(step)}
            aria-current={current ? "step" : undefined}
            disabled={!enabled}
            onClick={() => onStep(step)}
          >
            {critical ? <Zap size={18} aria-hidden="true" /> : null}
            <span>{t(`step.${step}`)}</span>
            {current && view.since_ms !== null ? <strong>{runningTime(now - view.since_ms)}</strong> : null}
            {!current && view.done.has(step) ? <Check size={18} aria-label={t("step_done")} /> : null}
          </button>
        );
      })}
    </nav>
  );
}
