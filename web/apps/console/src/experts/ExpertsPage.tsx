import { useQuery } from "@tanstack/react-query";
import { type Expert, expertsApi } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router-dom";

import { ListPanel } from "../admin/ListPanel";
import { formatDateTime, useLocalName, usePersonName } from "../shell/preferences";
import { useWords } from "../workflow/words";
import { LeaveDialog } from "./LeaveDialog";
import { ProfileDialog } from "./ProfileDialog";

import "./experts.css";

export const EXPERTS = ["experts"] as const;
interface Row extends Expert {
  readonly id: string;
}

/** What an expert is licensed and trained for, and until when. */
function Evidence({ expert }: { readonly expert: Expert }) {
  const { t } = useTranslation("clinical");
  const { word } = useWords();
  if (expert.evidence.length === 0) return <span className="shell-dim">–</span>;
  return (
    <ul className="plain-list expert-evidence">
      {expert.evidence.map((one) => (
        <li key={`${one.kind}-${one.code}`}>
          <StateMark level={one.valid ? "good" : "bad"}>
            {word("qualification", one.kind)} {word("code", one.code)}
            {one.valid_until !== null && ` · ${t("expert.until", { day: one.valid_until })}`}
          </StateMark>
        </li>
      ))}
    </ul>
  );
}

function Away({ expert }: { readonly expert: Expert }) {
  const { t } = useTranslation("clinical");
  if (expert.leaves.length === 0) return <StateMark level="good">{t("expert.there")}</StateMark>;
  return (
    <ul className="plain-list">
      {expert.leaves.map((leave) => (
        <li key={leave.id}>
          <StateMark level="warn">
            {formatDateTime(leave.since)} – {formatDateTime(leave.until)}
          </StateMark>
          {leave.reason !== "" && <span className="shell-dim"> {leave.reason}</span>}
        </li>
      ))}
    </ul>
  );
}

/** The library of experts: who they are, what they may do, what they have guided, and when they are away. */
export default function ExpertsPage() {
  const { t } = useTranslation("clinical");
  const { t: shell } = useTranslation();
  const { word } = useWords();
  const personName = usePersonName();
  const localName = useLocalName();
  const [search, setSearch] = useSearchParams();
  const [described, setDescribed] = useState<Expert>();
  const [leaving, setLeaving] = useState<Expert>();
  const wanted = (search.get("q") ?? "").toLowerCase();
  const said = (one: Expert) =>
    [
      one.display_name,
      one.display_name_en,
      one.title,
      localName(one.institution),
      ...one.languages,
      ...one.specialties.map((code) => word("specialty", code)),
    ]
      .join(" ")
      .toLowerCase();
  const query = useQuery({
    queryKey: EXPERTS,
    queryFn: expertsApi.list,
    select: (all): Row[] => all.filter((one) => said(one).includes(wanted)).map((one) => ({ ...one, id: one.user_id })),
  });
  return (
    <>
      <div className="page-head">
        <h1>{t("expert.title")}</h1>
        <div className="page-head__end tt-no-print">
          <Link to="/calendar">{t("expert.schedule")}</Link>
        </div>
      </div>
      <div className="page-filters">
        <Input.Search
          allowClear
          aria-label={t("expert.search")}
          placeholder={t("expert.search")}
          defaultValue={wanted}
          onSearch={(q) => setSearch(q === "" ? {} : { q }, { replace: true })}
          style={{ maxWidth: 360 }}
        />
      </div>
      <ListPanel<Row>
        title={t("expert.list")}
        query={query}
        empty={t("expert.none")}
        columns={[
          {
            title: t("expert.name"),
            render: (_, one) => (
              <>
                <strong>{personName(one)}</strong> {one.title}
                <br />
                <span className="shell-dim">
                  {localName(one.institution)} · {one.roles.map((role) => shell(`role.${role}`)).join(", ")}
                </span>
              </>
            ),
          },
          {
            title: t("expert.specialties"),
            render: (_, { specialties }) => specialties.map((code) => word("specialty", code)).join(", ") || "–",
          },
          { title: t("expert.languages"), render: (_, { languages }) => languages.join(", ") || "–" },
          { title: t("expert.evidence"), render: (_, one) => <Evidence expert={one} /> },
          {
            title: t("expert.work"),
            render: (_, { led, backed_up }) => t("expert.sessions", { led, backed: backed_up }),
          },
          { title: t("expert.away"), render: (_, one) => <Away expert={one} /> },
          {
            title: "",
            fixed: "right",
            render: (_, one) =>
              one.may_edit && (
                <div className="row-acts">
                  <Button data-testid={`describe-${one.user_id}`} onClick={() => setDescribed(one)}>
                    {t("expert.edit")}
                  </Button>
                  <Button data-testid={`leave-${one.user_id}`} onClick={() => setLeaving(one)}>
                    {t("expert.leave")}
                  </Button>
                </div>
              ),
          },
        ]}
      >
        {described !== undefined && <ProfileDialog expert={described} onClose={() => setDescribed(undefined)} />}
        {leaving !== undefined && <LeaveDialog expert={leaving} onClose={() => setLeaving(undefined)} />}
      </ListPanel>
    </>
  );
}
