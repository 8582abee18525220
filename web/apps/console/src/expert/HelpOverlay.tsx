import { KeyHint } from "@tongtai/ui";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

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
      <table>
        <tbody>
          {KEYS.map(({ keys, act }) => (
            <tr key={act}>
              <td>
                {keys.map((key) => (
                  <KeyHint key={key}>{key === "Space" ? t("key.space") : key}</KeyHint>
                ))}
              </td>
              <td>{t(`keys.${act}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {children}
    </dialog>
  );
}
