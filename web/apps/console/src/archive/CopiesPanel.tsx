import { useMutation } from "@tanstack/react-query";
import { archiveApi, type Case, type CopyRecipient } from "@tongtai/api-client";
import { Panel } from "@tongtai/ui";
import { Button, Form, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { download } from "../cases/csv";
import { FormDialog } from "../shell/FormDialog";
import { useMe } from "../shell/session";
import { Refusal } from "../workflow/Lacks";

const ZIP = "application/zip";
const RECIPIENTS: readonly CopyRecipient[] = ["patient", "relative", "institution", "authority"];

/** Copies that leave the hospital: everything for the patient, the case without its patient for teaching. */
export function CopiesPanel({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("clinical");
  const { user } = useMe();
  const [asking, setAsking] = useState(false);
  const teaching = useMutation({
    mutationFn: () => archiveApi.withoutPatient(shown.id),
    onSuccess: ({ name, content }) => download(name, content, ZIP),
  });
  const office = user.roles.includes("medical_affairs");
  if (shown.side !== "site" || !(office || user.roles.includes("attending"))) return null;
  return (
    <Panel
      title={t("copies.title")}
      actions={
        <span className="acts">
          <Button data-testid="copy-record" onClick={() => setAsking(true)}>
            {t("copies.record")}
          </Button>
          {office && (
            <Button data-testid="copy-teaching" loading={teaching.isPending} onClick={() => teaching.mutate()}>
              {t("copies.teaching")}
            </Button>
          )}
        </span>
      }
    >
      <p className="shell-dim" style={{ margin: 0 }}>
        {t(office ? "copies.textOffice" : "copies.text")}
      </p>
      <Refusal error={teaching.error} />
      {asking && <CopyDialog shown={shown} onClose={() => setAsking(false)} />}
    </Panel>
  );
}

/** For whom the copy is made: it stands in the copy and in the audit log. */
function CopyDialog({ shown, onClose }: { readonly shown: Case; onClose(): void }) {
  const { t } = useTranslation("clinical");
  const copy = useMutation({
    mutationFn: ({ recipient }: { recipient: CopyRecipient }) => archiveApi.copy(shown.id, recipient),
    onSuccess: ({ name, content }) => {
      download(name, content, ZIP);
      onClose();
    },
  });
  return (
    <FormDialog<{ recipient: CopyRecipient }>
      title={t("copies.record")}
      okText={t("copies.make")}
      initialValues={{ recipient: "patient" }}
      busy={copy.isPending}
      error={copy.error}
      onSubmit={copy.mutate}
      onClose={onClose}
    >
      <p>{t("copies.recordText")}</p>
      <Form.Item name="recipient" label={t("copies.recipient")} rules={[{ required: true }]}>
        <Radio.Group options={RECIPIENTS.map((value) => ({ value, label: t(`copies.for.${value}`) }))} />
      </Form.Item>
    </FormDialog>
  );
}
