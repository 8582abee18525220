import type { Case } from "@tongtai/api-client";
import { Tabs } from "antd";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router-dom";

import { Waiting } from "../shell/Waiting";
import { SECTIONS } from "./sections";

/** The tabs; which one is open stands in the address. */
export function CaseSections({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("way");
  const [search, setSearch] = useSearchParams();
  const open = SECTIONS.filter(
    ({ needs }) => needs.length === 0 || needs.some((permission) => shown.permissions.includes(permission)),
  );
  const wanted = search.get("tab");
  const [first] = open;
  const active = open.find(({ key }) => key === wanted) ?? first;
  if (active === undefined) return null;
  const { Content } = active;
  return (
    <>
      <Tabs
        className="tt-no-print"
        activeKey={active.key}
        items={open.map(({ key }) => ({ key, label: t(`section.${key}`) }))}
        onChange={(key) => {
          setSearch(key === first?.key ? {} : { tab: key }, { replace: true });
        }}
      />
      <Suspense fallback={<Waiting />}>
        <Content shown={shown} />
      </Suspense>
    </>
  );
}
