/** What the pages ask the server about a case's material. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type Intake, type IntakeFormSheet, type IntakeItem, intakeApi, type Technique } from "@tongtai/api-client";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";

import { useFormDraft } from "../shell/drafts";
import { wayKey } from "../workflow/queries";
import { type Answers, Autosave } from "./autosave";

/** Somebody elsewhere may fill in the same form. */
const LOOK_AGAIN_MS = 20_000;
const intakeKey = (caseId: string) => ["intake", caseId] as const;

export const useFormSheet = () =>
  useQuery({ queryKey: ["intake-form"], queryFn: intakeApi.form, staleTime: Number.POSITIVE_INFINITY });

export const useIntake = (caseId: string, enabled = true) =>
  useQuery({
    queryKey: intakeKey(caseId),
    queryFn: () => intakeApi.get(caseId),
    refetchInterval: LOOK_AGAIN_MS,
    enabled,
  });

export const useImagingCheck = (caseId: string, enabled: boolean) =>
  useQuery({ queryKey: ["intake-imaging", caseId], queryFn: () => intakeApi.images(caseId), enabled });

export interface IntakeGroup {
  readonly key: string;
  readonly zh: string;
  readonly en: string;
  readonly items: readonly IntakeItem[];
}

/** The groups that are asked for a technique, with their items, in the form's order. */
export function groupsOf(form: IntakeFormSheet, technique: Technique): readonly IntakeGroup[] {
  const asked = form.items.filter(({ techniques }) => techniques.length === 0 || techniques.includes(technique));
  return form.groups
    .map(({ code, zh, en }) => ({ key: code, zh, en, items: asked.filter(({ group }) => group === code) }))
    .filter(({ items }) => items.length > 0);
}

/** What was taken in by another way than typing: it is shown at once, and the way's lacks are asked for again. */
export function useTakeIntake(caseId: string): (intake: Intake) => void {
  const queries = useQueryClient();
  return useMemo(
    () => (intake) => {
      queries.setQueryData(intakeKey(caseId), intake);
      void queries.invalidateQueries({ queryKey: wayKey(caseId) });
    },
    [queries, caseId],
  );
}

/** A form that saves itself, begun from what the server has and what this device still keeps. */
export function useAutosave(caseId: string, seen: Intake): Autosave {
  const draft = useFormDraft("intake", caseId);
  const took = useTakeIntake(caseId);
  const [form] = useState(
    () =>
      new Autosave(
        {
          load: () => intakeApi.get(caseId),
          send: (version, answers) => intakeApi.save(caseId, version, answers),
          took,
          keep: draft.save,
        },
        seen,
        (draft.restored ?? {}) as Answers,
      ),
  );
  useEffect(() => {
    form.refresh(seen);
  }, [form, seen]);
  // Whoever leaves the page sends what is left; what does not get through stays on the device.
  useEffect(() => () => void form.flush(), [form]);
  return form;
}

export const useSaveState = (form: Autosave) => useSyncExternalStore(form.subscribe, form.state);
