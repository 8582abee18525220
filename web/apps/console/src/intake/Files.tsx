import { useMutation } from "@tanstack/react-query";
import { type Attachment, attachmentUrl, intakeApi, type IntakeItem } from "@tongtai/api-client";
import { Button, Upload } from "antd";
import { FileText, ImageIcon, Paperclip } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { formatDateTime } from "../shell/preferences";
import { useTakeIntake } from "./queries";

interface FilesProps {
  readonly caseId: string;
  readonly item: IntakeItem;
  readonly files: readonly Attachment[];
}

/** The files of an item, to be opened in a tab of their own. */
export function FileLinks({ caseId, files }: Pick<FilesProps, "caseId" | "files">) {
  return (
    <ul className="intake-files">
      {files.map((file) => (
        <li key={file.id}>
          <a href={attachmentUrl(caseId, file.id)} target="_blank" rel="noreferrer">
            {file.media_type === "application/pdf" ? (
              <FileText size={16} aria-hidden="true" />
            ) : (
              <ImageIcon size={16} aria-hidden="true" />
            )}{" "}
            {file.name}
          </a>{" "}
          <span className="shell-dim">{formatDateTime(file.added_at)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The files of an item, and a button that adds one: PDF, or a photograph of a paper. */
export function Files({ caseId, item, files }: FilesProps) {
  const { t } = useTranslation("intake");
  const errorText = useErrorText();
  const take = useTakeIntake(caseId);
  const attach = useMutation({
    mutationFn: (file: File) => intakeApi.attach(caseId, item.key, file),
    onSuccess: take,
  });
  return (
    <div>
      <FileLinks caseId={caseId} files={files} />
      <Upload
        accept="application/pdf,image/jpeg,image/png"
        showUploadList={false}
        disabled={attach.isPending}
        beforeUpload={(file) => {
          attach.mutate(file);
          return false;
        }}
      >
        <Button
          id={`item-${item.key}`}
          data-testid={`attach-${item.key}`}
          icon={<Paperclip size={16} aria-hidden="true" />}
          loading={attach.isPending}
        >
          {t("attach")}
        </Button>
      </Upload>
      {attach.isError && (
        <p role="alert" className="intake-refused">
          {errorText(attach.error)}
        </p>
      )}
    </div>
  );
}
