import { useMutation, useQuery } from "@tanstack/react-query";
import { archiveApi, type Bundle, bundlePartUrl, type Case } from "@tongtai/api-client";
import { EmptyState, ErrorState, Panel, StateMark } from "@tongtai/ui";
import { Button, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { formatDateTime } from "../shell/preferences";
import { useMe } from "../shell/session";
import { Waiting } from "../shell/Waiting";
import { Refusal } from "../workflow/Lacks";
import { useRefreshCase } from "../workflow/queries";
import { useCaseNaming, useWords } from "../workflow/words";
import { CopiesPanel } from "./CopiesPanel";
import { BundleDialog } from "./dialogs";
import { arrivedHash } from "./hash";
import { LegalPanel } from "./LegalPanel";

/** The archive of a case: bundles with their parts, both sides' receipts, holds and seals. */
export function ArchiveSection({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const [making, setMaking] = useState(false);
  const query = useQuery({ queryKey: ["archive", shown.id], queryFn: () => archiveApi.bundles(shown.id) });
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ErrorState title={word("error.title")} text={errorText(query.error)} />;
  const bundles = query.data;
  const make = shown.side === "site" && (
    <Button type="primary" data-testid="make-bundle" onClick={() => setMaking(true)}>
      {t(bundles.length === 0 ? "archive.make" : "archive.makeNext")}
    </Button>
  );
  return (
    <div className="page-stack">
      <Panel title={t("archive.title")} actions={make || undefined}>
        {bundles.length === 0 ? (
          <EmptyState title={t("archive.none")} text={t("archive.noneText")} />
        ) : (
          <div className="page-stack">
            {bundles.map((bundle, place) => (
              <BundleCard key={bundle.id} shown={shown} bundle={bundle} newest={place === 0} />
            ))}
          </div>
        )}
      </Panel>
      <CopiesPanel shown={shown} />
      <LegalPanel shown={shown} hasBundle={bundles.length > 0} />
      {making && <BundleDialog shown={shown} first={bundles.length === 0} onClose={() => setMaking(false)} />}
    </div>
  );
}

function BundleCard({
  shown,
  bundle,
  newest,
}: {
  readonly shown: Case;
  readonly bundle: Bundle;
  readonly newest: boolean;
}) {
  const { t } = useTranslation("clinical");
  const { word, named } = useWords();
  const naming = useCaseNaming(shown);
  const me = useMe();
  const refresh = useRefreshCase(shown.id);
  const received = new Map(bundle.receipts.map((receipt) => [receipt.institution_id, receipt]));
  const receive = useMutation({
    // What arrived is hashed here: a receipt that repeated the server's own number would prove nothing.
    mutationFn: async () => archiveApi.receive(shown.id, bundle.id, await arrivedHash(shown.id, bundle)),
    onSuccess: refresh,
  });
  return (
    <section className="record" data-testid={`bundle-${bundle.number}`}>
      <div className="record__head">
        <h3>{t("archive.version", { number: bundle.number })}</h3>
        <span className="shell-dim">{formatDateTime(bundle.made_at)}</span>
        <span>
          {word("retention", bundle.retention)} · {t("archive.keptUntil", { day: bundle.kept_until })}
        </span>
        <span className="record__end tt-no-print">
          {newest && !received.has(me.institution.id) && (
            <Button loading={receive.isPending} data-testid="receive" onClick={() => receive.mutate()}>
              {t("archive.receive")}
            </Button>
          )}
        </span>
      </div>
      {/* A bundle that was made by itself names what completed it: a statement or a step. */}
      {bundle.reason !== "" && <p className="long-text">{named("acts", named("statements", bundle.reason))}</p>}
      <p className="shell-dim" style={{ margin: 0 }}>
        SHA-256 <code className="hash">{bundle.sha256}</code>
        {bundle.previous_sha256 !== "" && (
          <>
            <br />
            {t("archive.previous")} <code className="hash">{bundle.previous_sha256}</code>
          </>
        )}
      </p>
      <ul className="plain-list">
        {[shown.inviting, shown.invited].map(({ id }) => {
          const receipt = received.get(id);
          const name = naming("institution_id", id) ?? id;
          return (
            <li key={id}>
              {receipt === undefined ? (
                <StateMark level="warn">{t("archive.notReceived", { name })}</StateMark>
              ) : (
                <StateMark level={receipt.sha256 === bundle.sha256 ? "good" : "bad"}>
                  {t(receipt.sha256 === bundle.sha256 ? "archive.equal" : "archive.differs", {
                    name,
                    at: formatDateTime(receipt.by.at),
                  })}
                </StateMark>
              )}
            </li>
          );
        })}
      </ul>
      <Refusal error={receive.error} naming={naming} />
      <details>
        <summary>{t("archive.parts", { count: bundle.parts.length })}</summary>
        <Table<Bundle["parts"][number]>
          rowKey="name"
          size="small"
          pagination={false}
          dataSource={bundle.parts}
          scroll={{ x: "max-content" }}
          columns={[
            {
              title: t("archive.part"),
              render: (_, { name }) => (
                <a href={bundlePartUrl(shown.id, bundle.id, name)} download={name.split("/").at(-1)}>
                  {name}
                </a>
              ),
            },
            { title: t("archive.size"), render: (_, { size_bytes: bytes }) => `${Math.ceil(bytes / 1024)} kB` },
            { title: "SHA-256", render: (_, { sha256 }) => <code>{sha256.slice(0, 16)}…</code> },
          ]}
        />
      </details>
    </section>
  );
}
