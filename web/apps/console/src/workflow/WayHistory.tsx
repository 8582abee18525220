import type { CaseWay, Move, Statement } from "@tongtai/api-client";
import { Panel } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { formatDateTime, useLocalName } from "../shell/preferences";
import { useWords } from "./words";

interface Entry {
  readonly at: string;
  readonly what: string;
  readonly text: string;
  readonly who: Move["mover"];
}

/** Everything that moved the case, and what was stated about it, the newest first. */
export function WayHistory({ workflow }: { readonly workflow: CaseWay }) {
  const { t } = useTranslation("way");
  const { t: word } = useTranslation();
  const localName = useLocalName();
  const { named } = useWords();
  const moved = ({ at, act, after, mover, reason }: Move): Entry => ({
    at,
    what: `${named("acts", act)} → ${named("states", after)}`,
    text: reason,
    who: mover,
  });
  const stated = ({ at, kind, by, text }: Statement): Entry => ({ at, what: named("statements", kind), text, who: by });
  const entries = [...workflow.moves.map(moved), ...workflow.statements.map(stated)].toSorted((a, b) =>
    b.at.localeCompare(a.at),
  );
  return (
    <Panel title={t("history")}>
      <ol className="way-history">
        {entries.map((entry, place) => (
          <li key={place}>
            <time className="shell-dim">{formatDateTime(entry.at)}</time>
            <span>
              {entry.what}
              <span className="shell-dim">
                {" · "}
                {localName(entry.who)}
                {entry.who.role !== null && ` (${word(`role.${entry.who.role}`)})`}
              </span>
              {entry.text !== "" && <q>{entry.text}</q>}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
