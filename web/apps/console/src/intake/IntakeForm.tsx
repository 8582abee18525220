import type { Case, Intake, IntakeFormSheet } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { Alert } from "antd";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router-dom";

import { useErrorText } from "../shell/errors";
import { useHotkey } from "../shell/hotkeys";
import { givenOf } from "./answers";
import type { Answers, SaveState } from "./autosave";
import { CompletenessPanel } from "./CompletenessPanel";
import { GroupPanel } from "./GroupPanel";
import { ImagingCheckPanel } from "./ImagingCheckPanel";
import { ImportPanel } from "./ImportPanel";
import { groupsOf, useAutosave, useSaveState } from "./queries";
import { ScoresPanel } from "./ScoresPanel";

interface IntakeFormProps {
  readonly shown: Case;
  readonly form: IntakeFormSheet;
  readonly intake: Intake;
}

const LEVELS = { saved: "good", typing: "info", saving: "info", offline: "bad", stopped: "bad" } as const;

function SaveMark({ save }: { readonly save: SaveState }) {
  const { t } = useTranslation("intake");
  return (
    <span role="status" aria-live="polite" data-testid="save-state" data-state={save.status}>
      <StateMark level={LEVELS[save.status]}>{t(`save.${save.status}`)}</StateMark>
    </span>
  );
}

/** Brings an item to where it can be answered. */
export function goToItem(key: string): void {
  const field = document.getElementById(`item-${key}`);
  if (field === null) return;
  field.scrollIntoView({ block: "center" });
  const target = field.matches("input, textarea, button") ? field : field.querySelector<HTMLElement>("input, button");
  target?.focus({ preventScroll: true });
}

/** The form: groups of items at the left; what is missing, what follows from the answers, and imports beside it. */
export function IntakeForm({ shown, form, intake }: IntakeFormProps) {
  const { t } = useTranslation("intake");
  const errorText = useErrorText();
  const autosave = useAutosave(shown.id, intake);
  const save = useSaveState(autosave);
  const kept = useMemo<Answers>(
    () => Object.fromEntries(Object.entries(intake.answers).map(([key, answer]) => [key, givenOf(answer)])),
    [intake.answers],
  );
  const [search] = useSearchParams();
  const wanted = search.get("item");
  useEffect(() => {
    if (wanted !== null) goToItem(wanted);
  }, [wanted]);
  const [next] = intake.today.gaps;
  useHotkey("n", () => {
    if (next !== undefined) goToItem(next.item);
  });
  return (
    <div className="intake">
      <div className="page-stack">
        {save.error !== null && (
          <Alert type="error" showIcon role="alert" title={errorText(save.error)} description={t("keptHere")} />
        )}
        {groupsOf(form, shown.technique).map((group) => (
          <GroupPanel
            key={group.key}
            caseId={shown.id}
            group={group}
            intake={intake}
            kept={kept}
            save={save}
            onGive={autosave.put}
            onSettle={autosave.settle}
          />
        ))}
      </div>
      <aside className="intake-side">
        <CompletenessPanel shown={shown} intake={intake} mark={<SaveMark save={save} />} onItem={goToItem} />
        <ImportPanel caseId={shown.id} version={intake.version} before={() => autosave.flush()} />
        <ScoresPanel scores={intake.scores} />
        {shown.permissions.includes("imaging_read") && <ImagingCheckPanel shown={shown} />}
      </aside>
    </div>
  );
}
