import type { SessionHandle } from "@tongtai/react";
import { ToolButton } from "@tongtai/ui";
import { ArrowRightLeft } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { usePersonName } from "../shell/preferences";
import { useNotices } from "./notices";

/** Offers the lead of this room to a backup guide, who has to accept: until then nothing changes. */
export function HandoverButton({ session, allowed }: { readonly session: SessionHandle; readonly allowed: boolean }) {
  const { t } = useTranslation("expert");
  const personName = usePersonName();
  const { watch } = useNotices();
  const [choosing, setChoosing] = useState(false);
  const { snapshot } = session;
  if (!snapshot) return null;
  const { lead_guide_id, handover } = snapshot.state;
  const guides = snapshot.case.team.filter(
    ({ role, user_id }) => (role === "backup_guide" || role === "lead_guide") && user_id !== lead_guide_id,
  );
  const offer = (userId: string) => {
    setChoosing(false);
    watch(session.send({ type: "handover.offered", payload: { to_user_id: userId } }));
  };
  const [only] = guides;
  const label =
    handover !== null
      ? t("handover.waiting", { name: handover.to_name })
      : only && guides.length === 1
        ? t("handover.to", { name: personName(only) })
        : t("handover.label");
  return (
    <div className="handover">
      <ToolButton
        icon={<ArrowRightLeft size={18} />}
        label={label}
        disabled={!allowed || !only || handover !== null}
        data-testid="handover"
        onClick={() => {
          if (only && guides.length === 1) offer(only.user_id);
          else setChoosing(!choosing);
        }}
      />
      {choosing && (
        <div className="handover__choice" role="menu">
          {guides.map((guide) => (
            <ToolButton
              key={guide.user_id}
              role="menuitem"
              label={personName(guide)}
              onClick={() => offer(guide.user_id)}
            />
          ))}
        </div>
      )}
    </div>
  );
}
