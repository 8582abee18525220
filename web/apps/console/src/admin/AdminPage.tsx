import type { Permission } from "@tongtai/api-client";
import { Tabs } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router-dom";

import { AgreementsTab } from "../agreements/AgreementsTab";
import { PoliciesTab } from "../agreements/PoliciesTab";
import { QualificationsTab } from "../agreements/QualificationsTab";
import { useMe } from "../shell/session";
import { GatewaysTab } from "./GatewaysTab";
import { InstitutionsTab } from "./InstitutionsTab";
import { RoomsTab } from "./RoomsTab";
import { UsersTab } from "./UsersTab";

const TABS: readonly { key: string; needs: Permission; content: ReactNode }[] = [
  { key: "users", needs: "user_manage", content: <UsersTab /> },
  { key: "institutions", needs: "institution_manage", content: <InstitutionsTab /> },
  { key: "rooms", needs: "institution_manage", content: <RoomsTab /> },
  { key: "agreements", needs: "agreement_manage", content: <AgreementsTab /> },
  { key: "qualifications", needs: "qualification_manage", content: <QualificationsTab /> },
  { key: "policies", needs: "qualification_manage", content: <PoliciesTab /> },
  { key: "gateways", needs: "gateway_manage", content: <GatewaysTab /> },
];

export default function AdminPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { tab } = useParams();
  const { permissions } = useMe();
  const shown = TABS.filter(({ needs }) => permissions.includes(needs));
  return (
    <>
      <div className="page-head">
        <h1>{t("admin.title")}</h1>
      </div>
      <Tabs
        activeKey={shown.some(({ key }) => key === tab) ? tab : shown[0]?.key}
        onChange={(key) => void navigate(`/admin/${key}`)}
        destroyOnHidden
        items={shown.map(({ key, content }) => ({ key, label: t(`admin.${key}`), children: content }))}
      />
    </>
  );
}
