import { Check, CircleDot, CirclePause } from "lucide-react";
import type { CaseWay } from "@tongtai/api-client";
import { useTranslation } from "react-i18next";

import { formatDateTime } from "../shell/preferences";
import { isHalted, lineOf, type StationMark } from "./stations";

function Shape({ mark, halted }: { readonly mark: StationMark["mark"]; readonly halted: boolean }) {
  if (mark === "done") return <Check size={16} aria-hidden="true" />;
  if (mark === "ahead") return null;
  return halted ? <CirclePause size={16} aria-hidden="true" /> : <CircleDot size={16} aria-hidden="true" />;
}

/** The case's ten stations as a line: what is behind it, where it stands, what is ahead. */
export function StationLine({ workflow }: { readonly workflow: CaseWay }) {
  const { t } = useTranslation("way");
  const halted = isHalted(workflow.state);
  return (
    <ol className="way-line" aria-label={t("line")} data-testid="station-line">
      {lineOf(workflow).map(({ station, mark, at }, place) => (
        <li
          key={station}
          className="way-line__station"
          data-mark={mark}
          data-halted={halted && mark === "here"}
          data-testid={`station-${station}`}
          aria-current={mark === "here" ? "step" : undefined}
        >
          <span className="way-line__dot">{mark === "ahead" ? place + 1 : <Shape mark={mark} halted={halted} />}</span>
          <span className="way-line__name">{t(`station.${station}`)}</span>
          <span className="way-line__at">
            {mark !== "ahead" && at !== undefined ? formatDateTime(at).slice(5) : ""}
          </span>
          <span className="shell-unseen">{t(`mark.${mark}`)}</span>
        </li>
      ))}
    </ol>
  );
}
