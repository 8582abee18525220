import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Agreement, agreementsApi, institutionsApi } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ListPanel } from "../admin/ListPanel";
import { FormDialog } from "../shell/FormDialog";
import { formatDateTime, useLocalName } from "../shell/preferences";
import { useMe } from "../shell/session";
import { SignDialog } from "../signing/SignDialog";
import { Lacks } from "../workflow/Lacks";
import { type Naming, useWords } from "../workflow/words";
import { AgreementDialog } from "./AgreementDialog";

const AGREEMENTS_KEY = ["agreements"] as const;

/** Names of institutions in place of their identifiers. */
function useInstitutionNaming(): Naming {
  const localName = useLocalName();
  const { data = [] } = useQuery({ queryKey: ["institutions"], queryFn: institutionsApi.list });
  return (name, value) => {
    const found = name === "institution_id" ? data.find(({ id }) => id === value) : undefined;
    return found && localName(found);
  };
}

/** Agreements between institutions: without one in force no case leaves its hospital. */
export function AgreementsTab() {
  const { t } = useTranslation("clinical");
  const { word } = useWords();
  const me = useMe();
  const naming = useInstitutionNaming();
  const queries = useQueryClient();
  const query = useQuery({ queryKey: AGREEMENTS_KEY, queryFn: agreementsApi.list });
  const [editing, setEditing] = useState<Agreement | "new">();
  const [signing, setSigning] = useState<Agreement>();
  const [ending, setEnding] = useState<Agreement>();
  const done = async () => {
    await queries.invalidateQueries({ queryKey: AGREEMENTS_KEY });
    setSigning(undefined);
    setEnding(undefined);
  };
  const sign = useMutation({
    mutationFn: ({ of, password }: { of: Agreement; password: string }) =>
      agreementsApi.sign(of.id, { version: of.version, password }),
    onSuccess: done,
  });
  const end = useMutation({
    mutationFn: ({ of, reason }: { of: Agreement; reason: string }) =>
      agreementsApi.end(of.id, { version: of.version, reason }),
    onSuccess: done,
  });
  const signedBy = (agreement: Agreement, institutionId: string) =>
    agreement.signatures.find((one) => one.institution_id === institutionId && one.sha256 === agreement.sha256);
  return (
    <ListPanel<Agreement>
      title={t("agreement.title")}
      query={query}
      empty={t("agreement.none")}
      addLabel={t("agreement.draw")}
      onAdd={() => setEditing("new")}
      columns={[
        {
          title: t("agreement.name"),
          render: (_, each) => (
            <>
              {each.title}
              <br />
              <span className="shell-dim">
                {word("agreement", each.kind)} · {each.services.map((one) => word("service", one)).join("、")}
              </span>
            </>
          ),
        },
        {
          title: t("agreement.parties"),
          render: (_, each) => (
            <ul className="plain-list">
              {each.parties.map((party) => {
                const signature = signedBy(each, party.institution_id);
                return (
                  <li key={party.institution_id + party.role}>
                    <StateMark level={signature ? "good" : "warn"}>
                      {word("party_role", party.role)}：{naming("institution_id", party.institution_id)} ·{" "}
                      {signature ? formatDateTime(signature.at) : t("agreement.unsigned")}
                    </StateMark>
                  </li>
                );
              })}
            </ul>
          ),
        },
        {
          title: t("agreement.liability"),
          render: (_, each) => (
            <ul className="plain-list">
              {each.services.map((service) => (
                <li key={service}>
                  {word("service", service)}：
                  {(each.liable[service] ?? []).map((role) => word("party_role", role)).join("、")}
                </li>
              ))}
              <li className="shell-dim">{each.dispute_authority}</li>
            </ul>
          ),
        },
        { title: t("agreement.valid"), render: (_, each) => `${each.valid_from} – ${each.valid_until}` },
        {
          title: t("agreement.state"),
          render: (_, each) =>
            each.in_force ? (
              <StateMark level="good">{t("agreement.inForce")}</StateMark>
            ) : (
              <Lacks lacks={each.lacks} naming={naming} />
            ),
        },
        {
          title: "",
          // What can be done stays in sight where the table is wider than the tablet.
          fixed: "right",
          render: (_, each) =>
            each.ended_at === null && (
              <span className="acts">
                <Button onClick={() => setEditing(each)}>
                  {t(each.signatures.length === 0 ? "agreement.edit" : "agreement.read")}
                </Button>
                {signedBy(each, me.institution.id) === undefined && (
                  <Button type="primary" data-testid="sign-agreement" onClick={() => setSigning(each)}>
                    {t("sign.button")}
                  </Button>
                )}
                {each.signatures.length > 0 && <Button onClick={() => setEnding(each)}>{t("agreement.end")}</Button>}
              </span>
            ),
        },
      ]}
    >
      {editing !== undefined && (
        <AgreementDialog
          before={editing === "new" ? undefined : editing}
          naming={naming}
          onClose={() => setEditing(undefined)}
        />
      )}
      {signing !== undefined && (
        <SignDialog
          title={t("agreement.signTitle", { title: signing.title })}
          sha256={signing.sha256}
          busy={sign.isPending}
          error={sign.error}
          naming={naming}
          onSign={(password) => sign.mutate({ of: signing, password })}
          onClose={() => setSigning(undefined)}
        />
      )}
      {ending !== undefined && (
        <FormDialog<{ reason: string }>
          title={t("agreement.end")}
          okText={t("agreement.end")}
          busy={end.isPending}
          error={end.error}
          onSubmit={({ reason }) => end.mutate({ of: ending, reason })}
          onClose={() => setEnding(undefined)}
        >
          <p>{t("agreement.endText")}</p>
          <Form.Item
            name="reason"
            label={t("agreement.reason")}
            rules={[{ required: true, message: t("agreement.reasonMissing") }]}
          >
            <Input.TextArea autoSize={{ minRows: 2 }} />
          </Form.Item>
        </FormDialog>
      )}
    </ListPanel>
  );
}
