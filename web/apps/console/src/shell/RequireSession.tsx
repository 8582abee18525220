import { Button } from "antd";
import { ErrorState } from "@tongtai/ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation } from "react-router-dom";

import { useErrorText } from "./errors";
import { usePersonalLanguage } from "./preferences";
import { homeOf, useMe, useMeQuery } from "./session";
import { Waiting } from "./Waiting";

export function RequireSession({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { pathname, search } = useLocation();
  const me = useMeQuery();
  if (me.isPending) return <Waiting />;
  if (me.isError) {
    return (
      <ErrorState
        title={t("error.title")}
        text={errorText(me.error)}
        action={<Button onClick={() => void me.refetch()}>{t("retry")}</Button>}
      />
    );
  }
  if (me.data === null || me.data.user.must_change_password) {
    return <Navigate to={`/login?next=${encodeURIComponent(pathname + search)}`} replace />;
  }
  return <Personal userId={me.data.user.id}>{children}</Personal>;
}

/** What a person has chosen on this device comes with the person. */
function Personal({ userId, children }: { readonly userId: string; readonly children: ReactNode }) {
  usePersonalLanguage(userId);
  return children;
}

export function Home() {
  return <Navigate to={homeOf(useMe())} replace />;
}
