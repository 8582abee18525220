import type { AuditVerification } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

/** Whether the chain holds, and if not, every entry that is not as it was written. */
export function VerificationResult({ result }: { readonly result: AuditVerification }) {
  const { t } = useTranslation();
  return (
    <Panel>
      <div role="status">
        <StateMark level={result.intact ? "good" : "bad"}>
          {t(result.intact ? "audit.intact" : "audit.broken", {
            entries: result.entries,
            findings: result.findings.length,
          })}
        </StateMark>
        <p>
          {t("audit.head", { seq: result.head_seq })} <code>{result.head_hash}</code>
        </p>
        {result.findings.length > 0 && (
          <ul>
            {result.findings.map((finding) => (
              <li key={`${finding.kind} ${finding.seq}`}>
                <strong>{t(`auditFinding.${finding.kind}`, { seq: finding.seq })}</strong> {finding.text}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}
