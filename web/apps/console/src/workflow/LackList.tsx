import type { Case, Lack, StatementKind } from "@tongtai/api-client";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { placeOf } from "./places";
import { type Naming, useCaseNaming, useWords } from "./words";

interface LackListProps {
  readonly shown: Case;
  readonly lacks: readonly Lack[];
  readonly mayState?: readonly StatementKind[];
  readonly onState?: (kind: StatementKind) => void;
  /** False in a dialog: whoever is led away loses what they typed. */
  readonly leads?: boolean;
}

/** A series is told apart by the end of its long number. */
const UID_TAIL = 8;
/** Beyond so many, the rest is folded: a list that fills the page hides the step. */
const SHOWN = 6;

/** What is missing, each with where it is supplied. */
export function LackList({ shown, lacks, mayState = [], onState, leads = true }: LackListProps) {
  const { t } = useTranslation("way");
  const rows = lacks.map((lack, place) => <LackRow key={place} {...{ shown, lack, mayState, onState, leads }} />);
  return (
    <>
      <ul className="way-lacks">{rows.slice(0, SHOWN)}</ul>
      {rows.length > SHOWN && (
        <details className="way-lacks-more">
          <summary>{t("moreLacks", { count: rows.length - SHOWN })}</summary>
          <ul className="way-lacks">{rows.slice(SHOWN)}</ul>
        </details>
      )}
    </>
  );
}

interface LackRowProps extends Pick<LackListProps, "shown" | "onState" | "leads"> {
  readonly lack: Lack;
  readonly mayState: readonly StatementKind[];
}

function LackRow({ shown, lack, mayState, onState, leads }: LackRowProps) {
  const { t } = useTranslation("way");
  const { named, lackText } = useWords();
  const naming = useCaseNaming(shown);
  const asked = lack.code === "statement_missing" ? String(lack.values.kind) : STATED_FOR[lack.code];
  const kind = mayState.find((each) => each === asked);
  const place = placeOf(lack);
  const shortened: Naming = (name, value) => (name === "series" ? `…${value.slice(-UID_TAIL)}` : naming(name, value));
  return (
    <li data-lack={lack.code}>
      {lackText(lack, shortened)}{" "}
      {kind !== undefined && onState !== undefined ? (
        <Button
          data-testid={`state-${kind}`}
          onClick={() => {
            onState(kind);
          }}
        >
          {named("statements", kind)}
        </Button>
      ) : (
        leads &&
        place !== null && (
          <Link to={`/cases/${shown.id}?${place}`} className="tt-no-print">
            {t("goThere")}
          </Link>
        )
      )}
    </li>
  );
}

/** Lacks of another kind that a statement answers. */
const STATED_FOR: Readonly<Record<string, StatementKind>> = {
  plan_not_read: "plan_read",
  physician_absent: "present",
};
