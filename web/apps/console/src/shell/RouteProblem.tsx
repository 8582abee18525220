import { ErrorState } from "@tongtai/ui";
import { useTranslation } from "react-i18next";
import { Link, useRouteError } from "react-router-dom";

/** A page that does not exist, or one that failed while it was being shown. */
export function RouteProblem() {
  const { t } = useTranslation();
  // Outside of an error the router says null or undefined.
  const failed = (useRouteError() ?? null) !== null;
  return (
    <ErrorState
      title={failed ? t("error.pageFailed") : t("error.noPage")}
      text={failed ? t("error.pageFailedText") : t("error.noPageText")}
      action={
        failed ? <a href={globalThis.location.href}>{t("error.reload")}</a> : <Link to="/">{t("error.toStart")}</Link>
      }
    />
  );
}
