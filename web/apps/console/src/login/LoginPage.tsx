import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router-dom";

import { Disclaimer } from "../shell/Disclaimer";
import { PreferenceButtons } from "../shell/PreferenceButtons";
import { homeOf, useMeQuery, useSignIn } from "../shell/session";
import { FirstPassword } from "./FirstPassword";
import { LoginForm } from "./LoginForm";

/** Only a path of ours: a link with `next=//elsewhere` must not lead away after the password was typed. */
export function safeNext(next: string | null): string | undefined {
  return next !== null && /^\/(?![/\\])/.test(next) && next !== "/" ? next : undefined;
}

export default function LoginPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const signIn = useSignIn();
  const { data: me } = useMeQuery();
  const [typedPassword, setTypedPassword] = useState<string>();
  const mustChange = me?.user.must_change_password === true;
  return (
    <div className="login">
      <div className="login__bar">
        <PreferenceButtons />
      </div>
      <main className="login__middle">
        <div className="login__card">
          <h1 className="login__brand">
            同台 <span className="shell-dim">Tongtai</span>
          </h1>
          <p className="login__claim">{t("login.claim")}</p>
          {mustChange ? (
            <FirstPassword
              current={typedPassword}
              onDone={(next) => {
                signIn(next);
                void navigate(safeNext(search.get("next")) ?? homeOf(next), { replace: true });
              }}
            />
          ) : (
            <LoginForm
              onDone={(next, password) => {
                setTypedPassword(password);
                signIn(next);
                if (!next.user.must_change_password) {
                  void navigate(safeNext(search.get("next")) ?? homeOf(next), { replace: true });
                }
              }}
            />
          )}
        </div>
      </main>
      <Disclaimer />
    </div>
  );
}
