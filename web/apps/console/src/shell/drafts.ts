/** Words that somebody has typed and not sent: kept on this device, per person, form and case, until sent or signed out. */
import { useState } from "react";

import { useMe } from "./session";

const PREFIX = "tongtai.draft.";

export const draftKey = (userId: string, form: string, subject: string): string =>
  `${PREFIX}${userId}.${form}.${subject}`;

/** A storage that is full or forbidden keeps nothing; typing must go on all the same. */
export function saveDraft(key: string, value: unknown): void {
  try {
    if (value === null || value === "") localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Not kept.
  }
}

/** What was kept, or null: nothing, or something that is no longer readable. */
export function loadDraft(key: string): unknown {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

/** Takes drafts off this device: everybody's, or those of all but one person. */
export function clearDrafts({ except }: { readonly except?: string } = {}): void {
  const kept = except === undefined ? null : `${PREFIX}${except}.`;
  const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? "");
  for (const key of keys) {
    if (key.startsWith(PREFIX) && (kept === null || !key.startsWith(kept))) localStorage.removeItem(key);
  }
}

/** A line of text that survives leaving the page. */
export function useTextDraft(form: string, subject: string): [text: string, setText: (text: string) => void] {
  const key = draftKey(useMe().user.id, form, subject);
  const [typed, setTyped] = useState<{ key: string; text: string } | null>(null);
  const kept = loadDraft(key);
  const text = typed?.key === key ? typed.text : typeof kept === "string" ? kept : "";
  const setText = (next: string): void => {
    saveDraft(key, next);
    setTyped({ key, text: next });
  };
  return [text, setText];
}

/** The fields of a form that survive leaving the page; read once, when the form opens. */
export function useFormDraft(form: string, subject: string) {
  const key = draftKey(useMe().user.id, form, subject);
  const [restored] = useState(() => {
    const kept = loadDraft(key);
    return typeof kept === "object" && kept !== null && !Array.isArray(kept) ? (kept as Record<string, unknown>) : null;
  });
  return {
    restored,
    save: (fields: object) => saveDraft(key, Object.keys(fields).length === 0 ? null : fields),
    clear: () => saveDraft(key, null),
  };
}
