import { CRITICAL_STEPS } from "@tongtai/session-core";
import { useNames, type WallRoom } from "@tongtai/react";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

/** One guide cannot watch two needles: said as soon as two of his rooms are in a critical step. */
export function LeadWarning({ rooms, userId }: { readonly rooms: readonly WallRoom[]; readonly userId: string }) {
  const { t } = useTranslation("expert");
  const { roomOf } = useNames();
  const critical = rooms.filter(({ snapshot: { state } }) => {
    return state.lead_guide_id === userId && state.phase === "open" && state.step && CRITICAL_STEPS.has(state.step);
  });
  if (critical.length < 2) return null;
  const names = critical.map(({ snapshot }) => roomOf(snapshot.case)).join(t("listSeparator"));
  return (
    <p className="lead-warning" role="alert" data-testid="two-critical">
      <TriangleAlert size={20} aria-hidden="true" />
      {t("twoCritical", { names })}
    </p>
  );
}
