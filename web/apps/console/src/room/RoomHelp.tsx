import { ToolButton } from "@tongtai/ui";
import { Modal } from "antd";
import { CircleHelp } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useHotkey } from "../shell/hotkeys";
import { KeyTable } from "../shell/KeyTable";
import { ROOM_KEYS } from "./keys";

/** The page's keys, and what goes on when the network does not. */
export function RoomHelp() {
  const { t } = useTranslation("room");
  const [open, setOpen] = useState(false);
  useHotkey("?", () => setOpen(true));
  return (
    <>
      <ToolButton
        icon={<CircleHelp size={20} />}
        label={t("keys.title")}
        iconOnly
        aria-keyshortcuts="?"
        data-testid="room-help"
        onClick={() => setOpen(true)}
      />
      <Modal open={open} onCancel={() => setOpen(false)} title={t("keys.title")} footer={null}>
        <KeyTable rows={ROOM_KEYS.map(({ keys, act }) => ({ keys, text: t(`keys.${act}`) }))} />
        <p>{t("lost.works")}</p>
      </Modal>
    </>
  );
}
