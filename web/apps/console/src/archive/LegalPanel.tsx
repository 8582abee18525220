import { useMutation, useQuery } from "@tanstack/react-query";
import { archiveApi, type Case } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { formatDateTime } from "../shell/preferences";
import { useMe } from "../shell/session";
import { Refusal } from "../workflow/Lacks";
import { useRefreshCase } from "../workflow/queries";
import { HoldDialog, SealDialog, UnsealDialog } from "./dialogs";

/** Legal holds and seals: the hospital's medical affairs place and lift them. */
export function LegalPanel({ shown, hasBundle }: { readonly shown: Case; readonly hasBundle: boolean }) {
  const { t } = useTranslation("clinical");
  const me = useMe();
  const refresh = useRefreshCase(shown.id);
  const [dialog, setDialog] = useState<"hold" | "seal" | "unseal">();
  const lawyer = shown.side === "site" && me.user.roles.includes("medical_affairs");
  // Who may not hold or seal is not told either: they would be shown a refusal.
  const query = useQuery({
    queryKey: ["legal", shown.id],
    queryFn: () => archiveApi.legal(shown.id),
    enabled: lawyer,
  });
  const release = useMutation({
    mutationFn: (holdId: string) => archiveApi.release(shown.id, holdId),
    onSuccess: refresh,
  });
  if (!lawyer) return null;
  const holds = query.data?.holds ?? [];
  const seals = query.data?.seals ?? [];
  const sealed = seals.some(({ unsealed_at: unsealed }) => unsealed === null);
  const close = () => setDialog(undefined);
  return (
    <Panel
      title={t("archive.legal")}
      actions={
        <span className="acts">
          <Button onClick={() => setDialog("hold")}>{t("archive.hold")}</Button>
          {sealed ? (
            <Button onClick={() => setDialog("unseal")}>{t("archive.unseal")}</Button>
          ) : (
            <Button disabled={!hasBundle} onClick={() => setDialog("seal")}>
              {t("archive.seal")}
            </Button>
          )}
        </span>
      }
    >
      {holds.length + seals.length === 0 && <p className="shell-dim">{t("archive.noLegal")}</p>}
      <ul className="plain-list">
        {seals.map((seal) => (
          <li key={seal.id}>
            <StateMark level={seal.unsealed_at === null ? "bad" : "off"}>
              {t(seal.unsealed_at === null ? "archive.sealedAt" : "archive.unsealedAt", {
                at: formatDateTime(seal.unsealed_at ?? seal.sealed_at),
                patientSide: seal.patient_side,
                relation: seal.relation,
              })}
            </StateMark>{" "}
            {seal.unseal_reason} <code>{seal.bundle_sha256.slice(0, 16)}…</code>
          </li>
        ))}
        {holds.map((hold) => (
          <li key={hold.id} className="record__head">
            <StateMark level={hold.released_at === null ? "warn" : "off"}>
              {t(hold.released_at === null ? "archive.heldSince" : "archive.released", {
                at: formatDateTime(hold.released_at ?? hold.placed_at),
              })}
            </StateMark>
            <span>{hold.reason}</span>
            {hold.released_at === null && (
              <Button loading={release.isPending} onClick={() => release.mutate(hold.id)}>
                {t("archive.release")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Refusal error={query.error ?? release.error} />
      {dialog === "hold" && <HoldDialog shown={shown} onClose={close} />}
      {dialog === "seal" && <SealDialog shown={shown} onClose={close} />}
      {dialog === "unseal" && <UnsealDialog shown={shown} onClose={close} />}
    </Panel>
  );
}
