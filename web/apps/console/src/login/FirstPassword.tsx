import { type Me, authApi } from "@tongtai/api-client";
import { useTranslation } from "react-i18next";

import { PasswordForm } from "../account/PasswordForm";

/** The first password was made by somebody else; nothing else works before it is replaced. */
export function FirstPassword({ current, onDone }: { readonly current?: string; onDone(me: Me): void }) {
  const { t } = useTranslation();
  return (
    <>
      <p>{t("login.firstPassword")}</p>
      <PasswordForm
        current={current}
        onDone={() => {
          void authApi.me().then(onDone);
        }}
      />
    </>
  );
}
