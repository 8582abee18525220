import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { KeyTable } from "./KeyTable";

/** The words are under `help`; a test sees that no key of these pages is missing here. */
export const KEYS = [
  { keys: ["?"], text: "help.keyHelp" },
  { keys: ["/"], text: "help.keySearch" },
  { keys: ["↑", "↓"], text: "help.keyMove" },
  { keys: ["Enter"], text: "help.keyOpen" },
  { keys: ["Tab"], text: "help.keyTab" },
] as const;

export function HelpDialog({ open, onClose }: { readonly open: boolean; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <Modal open={open} onCancel={onClose} title={t("help.title")} footer={null}>
      <p>{t("help.intro")}</p>
      <KeyTable rows={KEYS.map(({ keys, text }) => ({ keys, text: t(text) }))} />
      <p>{t("help.wall")}</p>
      <p>
        <Link to="/privacy/incidents" onClick={onClose}>
          {t("help.incident")}
        </Link>
      </p>
    </Modal>
  );
}
