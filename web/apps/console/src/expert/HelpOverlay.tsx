import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { KeyTable } from "../shell/KeyTable";
import { KEYS } from "./hotkeys";

/** All keys of this page. */
export function HelpOverlay({ onClose, children }: { readonly onClose: () => void; readonly children: ReactNode }) {
  const { t } = useTranslation("expert");
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      shown?.close();
    };
  }, []);
  return (
    <dialog ref={dialog} className="help-overlay" role="dialog" aria-label={t("keys.title")} onClose={onClose}>
      <h2>{t("keys.title")}</h2>
      <KeyTable rows={KEYS.map(({ keys, act }) => ({ keys, text: t(`keys.${act}`) }))} />
      {children}
    </dialog>
  );
}
