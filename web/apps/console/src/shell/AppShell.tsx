import { useTranslation } from "react-i18next";
import { Outlet, useLocation } from "react-router-dom";

import { Disclaimer } from "./Disclaimer";
import { TopBar } from "./TopBar";

/** Pages that fill the screen with pictures and bring their own bar: the wall, the focus, the operating room. */
const IMMERSIVE = /^\/(wall|room)(\/|$)/;

export function AppShell() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const immersive = IMMERSIVE.test(pathname);
  return (
    <div className="shell" data-immersive={immersive}>
      <a className="shell-skip" href="#content">
        {t("shell.skip")}
      </a>
      {!immersive && <TopBar />}
      <main id="content" className="shell-content" tabIndex={-1}>
        <Outlet />
      </main>
      <Disclaimer />
    </div>
  );
}
