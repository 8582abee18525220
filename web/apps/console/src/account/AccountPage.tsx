import { App } from "antd";
import { Panel } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { PinForm } from "../checklists/PinForm";
import { PreferenceButtons } from "../shell/PreferenceButtons";
import { useLocalName, usePersonName } from "../shell/preferences";
import { useMe } from "../shell/session";
import { PasswordForm } from "./PasswordForm";
import { SecondFactor } from "./SecondFactor";

export default function AccountPage() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const me = useMe();
  const localName = useLocalName();
  const personName = usePersonName();
  return (
    <div className="page-stack page-narrow">
      <div className="page-head">
        <h1>{t("account.title")}</h1>
      </div>
      <Panel title={t("account.person")}>
        <dl className="facts">
          <dt>{t("user.name")}</dt>
          <dd>{personName(me.user)}</dd>
          <dt>{t("login.name")}</dt>
          <dd>{me.user.login}</dd>
          <dt>{t("institution.one")}</dt>
          <dd>{localName(me.institution)}</dd>
          <dt>{t("user.roles")}</dt>
          <dd>{me.user.roles.map((role) => t(`role.${role}`)).join(" · ")}</dd>
        </dl>
      </Panel>
      <Panel title={t("account.preferences")}>
        <div className="page-filters" style={{ margin: 0 }}>
          <PreferenceButtons />
        </div>
      </Panel>
      <Panel title={t("account.password")}>
        <PasswordForm
          onDone={() => {
            void message.success(t("account.passwordChanged"));
          }}
        />
      </Panel>
      <SecondFactor />
      <PinForm />
    </div>
  );
}
