import { Modal } from "antd";
import { KeyHint } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

const KEYS = [
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
      <table className="shell-keys">
        <tbody>
          {KEYS.map(({ keys, text }) => (
            <tr key={text}>
              <td>
                {keys.map((key) => (
                  <KeyHint key={key}>{key}</KeyHint>
                ))}
              </td>
              <td>{t(text)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>{t("help.wall")}</p>
    </Modal>
  );
}
