import { useQuery } from "@tanstack/react-query";
import { type Case, type Consent, type ConsentKind, consentsApi } from "@tongtai/api-client";
import { ErrorState, type Level, Panel, StateMark } from "@tongtai/ui";
import { Button, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { formatDateTime } from "../shell/preferences";
import { useCaseNaming, useWords } from "../workflow/words";
import { KINDS, NEEDED, newestOf } from "./kinds";
import { SignConsent } from "./SignConsent";
import { WithdrawConsent } from "./WithdrawConsent";

interface Row {
  readonly kind: ConsentKind;
  readonly last: Consent | undefined;
  readonly earlier: readonly Consent[];
}

function stateOf({ kind, last }: Row): [Level, string] {
  if (last === undefined) return NEEDED.has(kind) ? ["warn", "missing"] : ["off", "notAsked"];
  if (last.withdrawn_at !== null) return ["bad", "withdrawn"];
  return last.valid ? ["good", "valid"] : ["warn", "expired"];
}

function Signer({ consent }: { readonly consent: Consent }) {
  const { t } = useTranslation("clinical");
  const { word } = useWords();
  return (
    <>
      {consent.signer_name ?? t("consent.nameHidden")}{" "}
      <span className="shell-dim">{word("relation", consent.relation)}</span>
      <br />
      <span className="shell-dim">{formatDateTime(consent.signed_at)}</span>
    </>
  );
}

/** Everything that stands in one consent. */
function Content({ consent, shown }: { readonly consent: Consent; readonly shown: Case }) {
  const { t } = useTranslation("clinical");
  const naming = useCaseNaming(shown);
  const rows: readonly (readonly [string, string])[] = [
    ["consent.text", consent.text],
    ["consent.fee", consent.fee_line],
    ["consent.recipients", consent.recipients.map((id) => naming("institution_id", id) ?? id).join("、")],
    ["consent.risks", consent.risks],
    ["consent.alternatives", consent.alternatives],
    ["consent.proxyReason", consent.proxy_reason],
    ["consent.validUntil", consent.valid_until ?? ""],
    ["consent.withdrawnAt", consent.withdrawn_at === null ? "" : formatDateTime(consent.withdrawn_at)],
    ["consent.withdrawalReason", consent.withdrawal_reason],
  ];
  return (
    <section className="record" aria-label={t("consent.version", { number: consent.number })}>
      <div className="record__head">
        <h3>{t("consent.version", { number: consent.number })}</h3>
        <span className="shell-dim">
          {t("consent.form", { template: consent.template })} ·{" "}
          {t("consent.explainedBy", { name: naming("user_id", consent.explained_by) ?? consent.explained_by_name })}
        </span>
      </div>
      <dl className="facts">
        {rows
          .filter(([, text]) => text !== "")
          .map(([key, text]) => (
            <div key={key} style={{ display: "contents" }}>
              <dt>{t(key)}</dt>
              <dd className="long-text">{text}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

/** What the patient has consented to, each by itself; what was withdrawn; what is still to be asked. */
export function ConsentsPanel({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const { word: named } = useWords();
  const query = useQuery({ queryKey: ["consents", shown.id], queryFn: () => consentsApi.list(shown.id) });
  const [signing, setSigning] = useState<ConsentKind>();
  const [withdrawing, setWithdrawing] = useState<Consent>();
  const mayWrite = shown.permissions.includes("consent_write");
  if (query.isError) {
    return (
      <Panel title={t("consent.title")}>
        <ErrorState
          title={word("error.title")}
          text={errorText(query.error)}
          action={<Button onClick={() => void query.refetch()}>{word("retry")}</Button>}
        />
      </Panel>
    );
  }
  const rows: Row[] = KINDS.map((kind) => ({ kind, ...newestOf(query.data ?? [], kind) }));
  return (
    <Panel title={t("consent.title")} flush>
      <Table<Row>
        rowKey="kind"
        size="small"
        loading={query.isPending}
        dataSource={rows}
        pagination={false}
        scroll={{ x: "max-content" }}
        expandable={{
          rowExpandable: ({ last }) => last !== undefined,
          expandedRowRender: ({ last, earlier }) => (
            <div className="page-stack">
              {[...(last ? [last] : []), ...earlier].map((each) => (
                <Content key={each.id} consent={each} shown={shown} />
              ))}
            </div>
          ),
        }}
        columns={[
          {
            title: t("consent.kind"),
            render: (_, { kind, last }) => (
              <>
                {named("kind", kind)}
                {last && <span className="shell-dim"> {t("consent.version", { number: last.number })}</span>}
                <br />
                <span className="shell-dim">{t(`consent.opens.${kind}`)}</span>
              </>
            ),
          },
          {
            title: t("consent.state"),
            render: (_, row) => {
              const [level, key] = stateOf(row);
              return <StateMark level={level}>{t(`consent.is.${key}`)}</StateMark>;
            },
          },
          { title: t("consent.signer"), render: (_, { last }) => last && <Signer consent={last} /> },
          {
            title: "",
            align: "right",
            render: (_, { kind, last }) =>
              mayWrite && (
                <span className="acts">
                  {last?.valid && (
                    <Button data-testid={`withdraw-${kind}`} onClick={() => setWithdrawing(last)}>
                      {t("consent.withdraw")}
                    </Button>
                  )}
                  <Button
                    type={last?.valid ? "default" : "primary"}
                    ghost={!last?.valid}
                    data-testid={`consent-${kind}`}
                    onClick={() => setSigning(kind)}
                  >
                    {t(last ? "consent.again" : "consent.sign")}
                  </Button>
                </span>
              ),
          },
        ]}
      />
      {signing !== undefined && <SignConsent shown={shown} kind={signing} onClose={() => setSigning(undefined)} />}
      {withdrawing !== undefined && (
        <WithdrawConsent shown={shown} consent={withdrawing} onClose={() => setWithdrawing(undefined)} />
      )}
    </Panel>
  );
}
