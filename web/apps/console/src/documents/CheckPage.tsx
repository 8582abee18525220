import { useMutation } from "@tanstack/react-query";
import { type CheckedFile, documentsApi } from "@tongtai/api-client";
import { EmptyState, ErrorState, type Level, Panel, StateMark } from "@tongtai/ui";
import { Button, Upload } from "antd";
import { FileSearch } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { formatDateTime } from "../shell/preferences";

import "./documents.css";

type Signature = CheckedFile["signatures"][number];

/** What is wrong or remarkable about a signature, worst first. */
function findingsOf(signature: Signature): readonly (readonly [Level, string])[] {
  const rows: readonly (readonly [boolean, Level, string])[] = [
    [!signature.intact, "bad", "changed"],
    [!signature.covers_all, "bad", "added"],
    [signature.revoked, "bad", "revoked"],
    [!signature.trusted && !signature.revoked, "bad", "untrusted"],
    [signature.timestamp === null, "warn", "noTime"],
    [signature.test_only, "warn", "testOnly"],
    [signature.good, "good", "holds"],
  ];
  return rows.filter(([applies]) => applies).map(([, level, key]) => [level, key] as const);
}

function SignatureCard({ signature }: { readonly signature: Signature }) {
  const { t, i18n } = useTranslation("documents");
  const { t: word } = useTranslation();
  const role = i18n.exists(`role.${signature.reason}`, { ns: "shell" })
    ? word(`role.${signature.reason}`)
    : signature.reason;
  return (
    <Panel title={`${signature.signer} · ${signature.organisation}`}>
      <p>
        {role}
        {signature.timestamp !== null && ` · ${t("check.signedAt", { at: formatDateTime(signature.timestamp) })}`}
      </p>
      <ul className="document-signers">
        {findingsOf(signature).map(([level, key]) => (
          <li key={key} data-finding={key}>
            <StateMark level={level}>{t(`check.${key}`)}</StateMark>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Verdict({ checked }: { readonly checked: CheckedFile }) {
  const { t } = useTranslation("documents");
  const known = checked.known === null ? "unknown" : checked.same_bytes ? "same" : "differs";
  return (
    <div className="page-stack" data-testid="check-result">
      <Panel title={t("check.result")}>
        <p className="document-verdict">
          <StateMark level={checked.good ? "good" : "bad"}>
            {t(checked.good ? "check.good" : checked.signatures.length === 0 ? "check.unsigned" : "check.bad")}
          </StateMark>
        </p>
        <p>{t(`check.${known}`, { state: checked.known === null ? "" : t(`stateWord.${checked.known}`) })}</p>
        {checked.record_sha256 !== "" && (
          <p>
            {t("check.record")} <code className="document-hash">{checked.record_sha256}</code>
          </p>
        )}
      </Panel>
      {checked.signatures.map((signature, place) => (
        <SignatureCard key={place} signature={signature} />
      ))}
    </div>
  );
}

/** Anybody with an account can see what a document that they were handed is worth. */
export default function CheckPage() {
  const { t } = useTranslation("documents");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const check = useMutation({ mutationFn: (file: Blob) => documentsApi.check(file) });
  return (
    <>
      <div className="page-head">
        <h1>{t("check.title")}</h1>
      </div>
      <div className="document-check">
        <Upload.Dragger
          accept="application/pdf,.pdf"
          showUploadList={false}
          disabled={check.isPending}
          beforeUpload={(file) => {
            check.mutate(file);
            return false;
          }}
        >
          <FileSearch size={32} aria-hidden="true" />
          <p>{t("check.drop")}</p>
          <Button loading={check.isPending}>{t("check.choose")}</Button>
          <p className="shell-dim">{t("check.notKept")}</p>
        </Upload.Dragger>
        {check.isError ? (
          <ErrorState title={word("error.title")} text={errorText(check.error)} />
        ) : check.data === undefined ? (
          <EmptyState title={t("check.none")} text={t("check.noneText")} />
        ) : (
          <Verdict checked={check.data} />
        )}
      </div>
    </>
  );
}
