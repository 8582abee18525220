import type { Case } from "@tongtai/api-client";
import { ErrorState, Panel, StateMark } from "@tongtai/ui";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { useErrorText } from "../shell/errors";
import { usePreferences } from "../shell/preferences";
import { Waiting } from "../shell/Waiting";
import { Lacks } from "../workflow/Lacks";
import { useWords } from "../workflow/words";
import { useSheets } from "./queries";

/** How far the four sheets are, on the case's page; they are filled in on a page of their own, for the operating room. */
export function ChecklistsSection({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const { language } = usePreferences();
  const { word: named } = useWords();
  const errorText = useErrorText();
  const query = useSheets(shown.id);
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ErrorState title={word("error.title")} text={errorText(query.error)} />;
  return (
    <div className="page-stack">
      {query.data.map((sheet) => (
        <Panel
          key={sheet.sheet}
          title={language === "en" ? sheet.en : sheet.zh}
          actions={
            <Link to={`/cases/${shown.id}/checklists/${sheet.sheet}`}>
              <Button tabIndex={-1}>{t("check.open")}</Button>
            </Link>
          }
        >
          {sheet.complete ? (
            <StateMark level="good">
              {t("check.complete")} · {sheet.parties.map((party) => named("party", party)).join("、")}
            </StateMark>
          ) : (
            <details>
              <summary>{t("check.missing", { count: sheet.lacks.length })}</summary>
              <Lacks lacks={sheet.lacks} />
            </details>
          )}
        </Panel>
      ))}
    </div>
  );
}
