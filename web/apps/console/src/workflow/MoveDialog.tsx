import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiError, type Case, type CaseWay, type Lack, type WayOn, workflowApi } from "@tongtai/api-client";
import { Alert, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useTextDraft } from "../shell/drafts";
import { useErrorText } from "../shell/errors";
import { LackList } from "./LackList";
import { useTakeWay, wayKey } from "./queries";
import { refusedFor, useWords } from "./words";

interface MoveDialogProps {
  readonly shown: Case;
  readonly workflow: CaseWay;
  readonly way: WayOn;
  onClose(): void;
}

/** A second sending back asks why not the first time. */
const needsReason = ({ reason }: WayOn, { returns }: CaseWay): boolean =>
  reason === "always" || (reason === "when_repeated" && returns > 0);

/** What is sent back with the case: everything of its material that keeps the centre from accepting it. */
const gapsOf = ({ ways }: CaseWay): readonly Lack[] =>
  ways.find(({ act }) => act === "accept")?.lacks.filter(({ values }) => "item" in values) ?? [];

/** One step, with its reason; says what happened when somebody else was quicker or something is missing. */
export function MoveDialog({ shown, workflow, way, onClose }: MoveDialogProps) {
  const { t } = useTranslation("way");
  const errorText = useErrorText();
  const { named } = useWords();
  const queries = useQueryClient();
  const take = useTakeWay(shown.id);
  const [reason, setReason] = useTextDraft(`move-${way.act}`, shown.id);
  const [asked, setAsked] = useState(false);
  // What the person saw when he decided: somebody else's move must not be approved unseen.
  const [version] = useState(workflow.version);
  const move = useMutation({
    mutationFn: () => workflowApi.move(shown.id, { act: way.act, version, reason }),
    onSuccess: async (seen) => {
      setReason("");
      await take(seen);
      onClose();
    },
    onError: () => queries.invalidateQueries({ queryKey: wayKey(shown.id) }),
  });
  const required = needsReason(way, workflow);
  const changed = move.error instanceof ApiError && move.error.code === "workflow_changed";
  const gaps = gapsOf(workflow);
  const missing = asked && required && reason.trim() === "";
  return (
    <Modal
      open
      title={named("acts", way.act)}
      okText={named("acts", way.act)}
      cancelText={t("back")}
      okButtonProps={{ "data-testid": "move-confirm", disabled: changed }}
      confirmLoading={move.isPending}
      onOk={() => {
        setAsked(true);
        if (!required || reason.trim() !== "") move.mutate();
      }}
      onCancel={onClose}
    >
      <p>{t("fromTo", { from: named("states", workflow.state), to: named("states", way.target) })}</p>
      {way.act === "return" && (
        <>
          <p>{t("returnOnce", { count: gaps.length })}</p>
          <div data-testid="return-gaps">
            <LackList shown={shown} lacks={gaps} leads={false} />
          </div>
        </>
      )}
      <Form layout="vertical">
        <Form.Item
          label={t(required ? "reason" : "reasonOptional")}
          required={required}
          validateStatus={missing ? "error" : undefined}
          help={missing ? t("reasonMissing") : undefined}
        >
          <Input.TextArea
            autoFocus
            data-testid="move-reason"
            value={reason}
            maxLength={4000}
            autoSize={{ minRows: 2, maxRows: 8 }}
            onChange={({ target }) => {
              setReason(target.value);
            }}
          />
        </Form.Item>
      </Form>
      {move.isError && (
        <Alert
          type="error"
          showIcon
          role="alert"
          data-testid="move-refused"
          title={changed ? t("changed") : errorText(move.error)}
          description={
            changed
              ? t("changedText")
              : refusedFor(move.error).length > 0 && <LackList shown={shown} lacks={refusedFor(move.error)} />
          }
        />
      )}
    </Modal>
  );
}
