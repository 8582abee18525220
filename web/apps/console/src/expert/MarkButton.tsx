import type { SessionHandle } from "@tongtai/react";
import { ToolButton } from "@tongtai/ui";
import { Bookmark } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useKeys } from "./hotkeys";
import { useNotices } from "./notices";

/** Puts a mark on the timeline at this moment, to be found again afterwards. */
export function MarkButton({ session, allowed }: { readonly session: SessionHandle; readonly allowed: boolean }) {
  const { t } = useTranslation("expert");
  const { watch } = useNotices();
  const mark = () => {
    if (allowed) watch(session.send({ type: "mark.added", payload: { text: t("mark.text") } }));
  };
  useKeys({ M: mark });
  return (
    <ToolButton
      icon={<Bookmark size={18} />}
      label={t("mark.label")}
      keyHint="M"
      aria-keyshortcuts="M"
      disabled={!allowed}
      data-testid="mark"
      onClick={mark}
    />
  );
}
