import type { Case, Side, TeamMember } from "@tongtai/api-client";
import { EmptyState, Panel } from "@tongtai/ui";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useLocalName, usePersonName } from "../shell/preferences";
import { TeamEditor } from "./TeamEditor";

const SIDES: readonly Side[] = ["site", "centre"];

function Members({ members }: { readonly members: readonly TeamMember[] }) {
  const { t } = useTranslation();
  const personName = usePersonName();
  return (
    <dl className="facts">
      {members.map((member) => (
        <div key={`${member.user_id} ${member.role}`} style={{ display: "contents" }}>
          <dt>{t(`role.${member.role}`)}</dt>
          <dd>{personName(member)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function TeamPanel({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation();
  const localName = useLocalName();
  const [editing, setEditing] = useState(false);
  const mayEdit = shown.permissions.includes("case_team") && shown.record === "open";
  const edit = (
    <Button
      onClick={() => {
        setEditing(true);
      }}
    >
      {t("team.edit")}
    </Button>
  );
  return (
    <Panel title={t("team.title")} actions={mayEdit && !editing ? edit : undefined}>
      <div className="page-stack">
        {SIDES.map((side) => {
          const members = shown.team.filter((member) => member.side === side);
          const ours = side === shown.side;
          return (
            <section key={side} aria-label={t(`side.${side}`)}>
              <h3 style={{ margin: "0 0 8px", fontSize: 14 }}>
                {localName(side === "site" ? shown.inviting : shown.invited)}
              </h3>
              {editing && ours ? (
                <TeamEditor
                  shown={shown}
                  onClose={() => {
                    setEditing(false);
                  }}
                />
              ) : members.length === 0 ? (
                <EmptyState title={t("team.none")} text={t(ours && mayEdit ? "team.noneOurs" : "team.noneTheirs")} />
              ) : (
                <Members members={members} />
              )}
            </section>
          );
        })}
      </div>
    </Panel>
  );
}
