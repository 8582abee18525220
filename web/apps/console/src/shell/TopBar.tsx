import type { Permission } from "@tongtai/api-client";
import { ToolButton } from "@tongtai/ui";
import { CircleHelp, LogOut, UserRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink } from "react-router-dom";

import { NoticeBell } from "../desk/NoticeBell";
import { HelpDialog } from "./HelpDialog";
import { useHotkey } from "./hotkeys";
import { NetworkState } from "./NetworkState";
import { useLocalName, usePersonName } from "./preferences";
import { PreferenceButtons } from "./PreferenceButtons";
import { useMe, useSignOut } from "./session";

interface Place {
  readonly to: string;
  readonly label: string;
  readonly needs: readonly Permission[];
}

const PLACES: readonly Place[] = [
  { to: "/wall", label: "nav.wall", needs: ["expert_room"] },
  { to: "/tasks", label: "nav.tasks", needs: ["case_read"] },
  { to: "/queue", label: "nav.queue", needs: ["case_read"] },
  { to: "/cases", label: "nav.cases", needs: ["case_read"] },
  { to: "/calendar", label: "nav.calendar", needs: ["case_read"] },
  { to: "/teaching", label: "nav.teaching", needs: ["teaching_view"] },
  { to: "/experts", label: "nav.experts", needs: ["case_read", "expert_manage"] },
  { to: "/quality", label: "nav.quality", needs: ["quality_read"] },
  {
    to: "/admin",
    label: "nav.admin",
    needs: ["user_manage", "institution_manage", "gateway_manage", "agreement_manage", "qualification_manage"],
  },
  { to: "/privacy", label: "nav.privacy", needs: ["privacy_manage"] },
  { to: "/documents/check", label: "nav.check", needs: ["document_read", "audit_read"] },
  { to: "/audit", label: "nav.audit", needs: ["audit_read"] },
];

function Navigation() {
  const { t } = useTranslation();
  const { permissions } = useMe();
  const places = PLACES.filter(({ needs }) => needs.some((permission) => permissions.includes(permission)));
  return (
    <nav className="shell-nav" aria-label={t("nav.label")}>
      {places.map(({ to, label }) => (
        <NavLink key={to} to={to} className="shell-nav__link">
          {t(label)}
        </NavLink>
      ))}
    </nav>
  );
}

function Person() {
  const { t } = useTranslation();
  const me = useMe();
  const localName = useLocalName();
  const personName = usePersonName();
  const [firstRole] = me.user.roles;
  return (
    <Link to="/account" className="shell-person" aria-label={t("nav.account")}>
      <UserRound size={18} aria-hidden="true" />
      <span className="shell-person__text">
        <strong>{personName(me.user)}</strong>
        <span className="shell-dim">
          {localName(me.institution)}
          {firstRole !== undefined && ` · ${t(`role.${firstRole}`)}`}
        </span>
      </span>
    </Link>
  );
}

export function TopBar() {
  const { t } = useTranslation();
  const signOut = useSignOut();
  const { permissions } = useMe();
  const [helpOpen, setHelpOpen] = useState(false);
  useHotkey("?", () => setHelpOpen(true));
  return (
    <header className="shell-bar tt-no-print">
      <Link to="/" className="shell-brand">
        同台 <span className="shell-dim">Tongtai</span>
      </Link>
      <Navigation />
      <div className="shell-bar__end">
        <NetworkState />
        {(permissions.includes("case_read") || permissions.includes("privacy_manage")) && <NoticeBell />}
        <PreferenceButtons />
        <ToolButton
          icon={<CircleHelp size={18} />}
          label={t("help.title")}
          iconOnly
          keyHint="?"
          aria-keyshortcuts="?"
          onClick={() => {
            setHelpOpen(true);
          }}
        />
        <Person />
        <ToolButton icon={<LogOut size={18} />} label={t("nav.signOut")} iconOnly onClick={() => void signOut()} />
      </div>
      <HelpDialog
        open={helpOpen}
        onClose={() => {
          setHelpOpen(false);
        }}
      />
    </header>
  );
}
