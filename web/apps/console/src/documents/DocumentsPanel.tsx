import { useMutation } from "@tanstack/react-query";
import {
  ApiError,
  type Case,
  type CaseDocument,
  documentsApi,
  type DocumentKind,
  documentUrl,
} from "@tongtai/api-client";
import { EmptyState, ErrorState, type Level, Panel, StateMark } from "@tongtai/ui";
import { Alert, Button, Dropdown, Table } from "antd";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { formatDateTime, usePersonName, usePreferences } from "../shell/preferences";
import { useMe } from "../shell/session";
import { owesSignature, signedCount } from "./acts";
import { useDocuments, useRefreshDocuments } from "./queries";
import { SignDialog } from "./SignDialog";

import "./documents.css";

const LEVELS: Readonly<Record<CaseDocument["state"], Level>> = {
  draft: "warn",
  issued: "good",
  withdrawn: "info",
  superseded: "info",
};
interface Paper {
  readonly kind: DocumentKind;
  /** Which of several: the consent's kind. */
  readonly subject?: string;
}

/** What each side makes here; the server decides by role and says what is missing. */
const MADE_BY: Readonly<Record<Case["side"], readonly Paper[]>> = {
  centre: [{ kind: "mdt_record" }, { kind: "plan_book" }, { kind: "opinion" }, { kind: "guidance_record" }],
  site: [
    { kind: "referral" },
    { kind: "decision" },
    { kind: "consent", subject: "telemedicine" },
    { kind: "consent", subject: "surgery" },
    { kind: "safety_checklist" },
    { kind: "operation_record" },
    { kind: "follow_up" },
  ],
};
const keyOf = ({ kind, subject = "" }: Paper) => `${kind}:${subject}`;

function Signers({ document }: { readonly document: CaseDocument }) {
  const { t } = useTranslation("documents");
  const { t: word } = useTranslation();
  const personName = usePersonName();
  return (
    <ul className="document-signers">
      {document.signers.map((signer) => (
        <li key={`${signer.role}-${signer.user_id}`}>
          <StateMark level={signer.signed_at ? "good" : "warn"}>
            {word(`role.${signer.role}`)} {personName({ display_name: signer.name, display_name_en: signer.name_en })}
            {" · "}
            {signer.signed_at ? formatDateTime(signer.signed_at) : t("notSigned")}
          </StateMark>
        </li>
      ))}
    </ul>
  );
}

function Acts({ document, onSign }: { readonly document: CaseDocument; onSign(document: CaseDocument): void }) {
  const { t } = useTranslation("documents");
  const me = useMe();
  return (
    <span className="document-acts">
      {owesSignature(document, me.user.id) && (
        <Button
          type="primary"
          data-testid={`sign-${document.kind}`}
          onClick={() => {
            onSign(document);
          }}
        >
          {t("sign.button")}
        </Button>
      )}
      <Button href={documentUrl(document.case_id, document.id)} target="_blank">
        {t("open")}
      </Button>
    </span>
  );
}

/** What a paper still lacks, in words; a code that this page does not know is shown as it is. */
function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation("documents");
  const errorText = useErrorText();
  return (error) => {
    if (!(error instanceof ApiError) || error.code !== "document_incomplete") return errorText(error);
    const missing = (error.values.missing as readonly string[]).map((code) =>
      i18n.exists(`missing.${code}`, { ns: "documents" }) ? t(`missing.${code}`) : code,
    );
    return t("incomplete", { missing: missing.join(" · ") });
  };
}

function MakeButton({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("documents");
  const { language } = usePreferences();
  const problemText = useProblemText();
  const refresh = useRefreshDocuments(shown.id);
  const make = useMutation({
    mutationFn: ({ kind, subject = "" }: Paper) => documentsApi.make(shown.id, { kind, language, subject, words: {} }),
    onSuccess: refresh,
  });
  const papers = MADE_BY[shown.side];
  if (!shown.permissions.includes("document_write")) return null;
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: papers.map((paper) => ({
            key: keyOf(paper),
            label: paper.subject ? t(`consent.${paper.subject}`) : t(`kind.${paper.kind}`),
          })),
          onClick: ({ key }) => {
            const paper = papers.find((each) => keyOf(each) === key);
            if (paper !== undefined) make.mutate(paper);
          },
        }}
      >
        <Button loading={make.isPending} data-testid="make-document" icon={<ChevronDown size={16} />}>
          {t("make")}
        </Button>
      </Dropdown>
      {make.isError && (
        <Alert
          type="warning"
          showIcon
          closable
          role="alert"
          title={problemText(make.error)}
          className="document-problem"
        />
      )}
    </>
  );
}

/** The case's papers: what was made, who has signed, who still has to. */
export function DocumentsPanel({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("documents");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const { data, error, isPending } = useDocuments(shown.id);
  const [signing, setSigning] = useState<CaseDocument | null>(null);
  return (
    <Panel title={t("title")} actions={<MakeButton shown={shown} />} flush>
      {error !== null ? (
        <ErrorState title={word("error.title")} text={errorText(error)} />
      ) : data?.length === 0 ? (
        <EmptyState title={t("none")} text={t(`noneText.${shown.side}`)} />
      ) : (
        <Table<CaseDocument>
          rowKey="id"
          size="small"
          loading={isPending}
          locale={{ emptyText: " " }}
          dataSource={data}
          pagination={{ pageSize: 8, hideOnSinglePage: true }}
          scroll={{ x: "max-content" }}
          columns={[
            {
              title: t("column.document"),
              render: (_, each) => (
                <>
                  {each.kind === "consent" && each.subject !== ""
                    ? t(`consent.${each.subject}`)
                    : t(`kind.${each.kind}`)}{" "}
                  <span className="shell-dim">{t("version", { version: each.version })}</span>
                </>
              ),
            },
            {
              title: t("column.state"),
              render: (_, each) => (
                <StateMark level={LEVELS[each.state]}>
                  {t(`state.${each.state}`, { signed: signedCount(each), count: each.signers.length })}
                </StateMark>
              ),
            },
            { title: t("column.signers"), render: (_, each) => <Signers document={each} /> },
            { title: "", align: "right", render: (_, each) => <Acts document={each} onSign={setSigning} /> },
          ]}
        />
      )}
      {signing !== null && (
        <SignDialog
          document={signing}
          onClose={() => {
            setSigning(null);
          }}
        />
      )}
    </Panel>
  );
}
