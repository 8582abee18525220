import type { RoomOrder } from "@tongtai/react";
import { StateMark, ToolButton } from "@tongtai/ui";
import { LayoutGrid } from "lucide-react";
import { useTranslation } from "react-i18next";

interface WallSummaryProps {
  readonly order: RoomOrder;
  readonly compact: boolean;
  readonly onWall: () => void;
}

/** How many rooms need what, and in which order they are shown. */
export function WallSummary({ order, compact, onWall }: WallSummaryProps) {
  const { t } = useTranslation("expert");
  const count = (...urgencies: string[]) => order.rooms.filter(({ urgency }) => urgencies.includes(urgency)).length;
  const counts = [
    { level: "bad", name: "critical", number: count("stop", "critical") },
    { level: "warn", name: "degraded", number: count("degraded", "lost") },
    { level: "warn", name: "waiting", number: order.rooms.filter(({ snapshot }) => snapshot.state.help).length },
  ] as const;
  return (
    <div className="wall-summary">
      {compact ? (
        <ToolButton
          icon={<LayoutGrid size={18} />}
          label={t("wall.back")}
          keyHint="0"
          data-testid="to-wall"
          onClick={onWall}
        />
      ) : (
        <h1>{t("wall.title", { count: order.rooms.length })}</h1>
      )}
      {!compact &&
        counts
          .filter(({ number }) => number > 0)
          .map(({ level, name, number }) => (
            <StateMark key={name} level={level}>
              {t(`summary.${name}`)} {number}
            </StateMark>
          ))}
      {!compact && (
        <label className="wall-summary__sort">
          <span>{t("wall.sort")}</span>
          <select
            data-testid="wall-sort"
            value={order.mode}
            onChange={({ target }) => {
              order.setMode(target.value === "hand" ? "hand" : "urgency");
            }}
          >
            <option value="urgency">{t("wall.byUrgency")}</option>
            <option value="hand">{t("wall.byHand")}</option>
          </select>
        </label>
      )}
    </div>
  );
}
