import { useMutation } from "@tanstack/react-query";
import { careApi, type CareTask, type Case, type NewComplication, type NewStatus } from "@tongtai/api-client";
import { Checkbox, Form, Input, InputNumber, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";

import { FormDialog } from "../shell/FormDialog";
import { useRefreshCase } from "../workflow/queries";
import { dayOf, localInstant } from "./days";

interface DialogProps {
  readonly shown: Case;
  onClose(): void;
}

/** Sends a form; the case is asked for again when it was taken. */
export function useSend<F>(shown: Case, send: (fields: F) => Promise<unknown>, onClose: () => void) {
  const refresh = useRefreshCase(shown.id);
  return useMutation({
    mutationFn: send,
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
}

export function useMissing() {
  const { t: word } = useTranslation();
  return [{ required: true, message: word("form.missing") }];
}

/** The orders after every operation are dated by its end. */
export function OrderDialog({ shown, onClose }: DialogProps) {
  const { t } = useTranslation("clinical");
  const missing = useMissing();
  const send = useSend(shown, ({ at }: { at: string }) => careApi.order(shown.id, new Date(at).toISOString()), onClose);
  return (
    <FormDialog<{ at: string }>
      title={t("care.order")}
      okText={t("care.orderOk")}
      initialValues={{ at: localInstant(new Date()) }}
      busy={send.isPending}
      error={send.error}
      onSubmit={send.mutate}
      onClose={onClose}
    >
      <p>{t("care.orderText")}</p>
      <Form.Item name="at" label={t("care.ended")} rules={missing}>
        <Input type="datetime-local" />
      </Form.Item>
    </FormDialog>
  );
}

type Finish = { readonly state: "done" | "not_needed"; readonly result: string };

export function FinishDialog({ shown, task, onClose }: DialogProps & { readonly task: CareTask }) {
  const { t, i18n } = useTranslation("clinical");
  const missing = useMissing();
  const send = useSend(shown, (fields: Finish) => careApi.finish(shown.id, task.id, fields), onClose);
  return (
    <FormDialog<Finish>
      title={i18n.language === "en" ? task.text_en : task.text_zh}
      okText={t("care.finish")}
      initialValues={{ state: "done" }}
      busy={send.isPending}
      error={send.error}
      onSubmit={send.mutate}
      onClose={onClose}
    >
      <Form.Item name="state">
        <Radio.Group
          optionType="button"
          options={(["done", "not_needed"] as const).map((value) => ({ value, label: t(`care.taskState.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="result" label={t("care.result")} rules={missing}>
        <Input.TextArea autoSize={{ minRows: 2 }} />
      </Form.Item>
    </FormDialog>
  );
}

const KINDS = [
  "liver_abscess",
  "bleeding",
  "pneumothorax",
  "pleural_effusion",
  "biloma",
  "bowel_injury",
  "liver_failure",
  "renal_injury",
  "skin_burn",
  "seeding",
  "seed_migration",
  "fever",
  "pain",
  "other",
] as const;
const CONSEQUENCES = ["care_raised", "stay_longer", "treated", "disabled", "died"] as const;

type ComplicationFields = Omit<NewComplication, (typeof CONSEQUENCES)[number] | "note"> & {
  readonly consequences?: (typeof CONSEQUENCES)[number][];
  readonly note?: string;
};

export function ComplicationDialog({ shown, onClose }: DialogProps) {
  const { t } = useTranslation("clinical");
  const missing = useMissing();
  const send = useSend(
    shown,
    ({ consequences = [], note = "", ...fields }: ComplicationFields) => {
      const followed = Object.fromEntries(CONSEQUENCES.map((each) => [each, consequences.includes(each)]));
      return careApi.complicate(shown.id, { ...fields, ...followed, note } as NewComplication);
    },
    onClose,
  );
  return (
    <FormDialog<ComplicationFields>
      title={t("care.complicate")}
      okText={t("care.write")}
      initialValues={{ began_on: dayOf(new Date()), grade: 2 }}
      busy={send.isPending}
      error={send.error}
      onSubmit={send.mutate}
      onClose={onClose}
    >
      <Form.Item name="kind" label={t("care.kind")} rules={missing}>
        <Select showSearch options={KINDS.map((value) => ({ value, label: t(`care.complication.${value}`) }))} />
      </Form.Item>
      <Form.Item name="grade" label={t("care.ctcae")} rules={missing}>
        <InputNumber min={1} max={5} precision={0} />
      </Form.Item>
      <Form.Item name="began_on" label={t("care.began")} rules={missing}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="consequences" label={t("care.consequences")} extra={t("care.severeBy")}>
        <Checkbox.Group options={CONSEQUENCES.map((value) => ({ value, label: t(`care.consequence.${value}`) }))} />
      </Form.Item>
      <Form.Item name="note" label={t("care.note")}>
        <Input.TextArea autoSize={{ minRows: 2 }} />
      </Form.Item>
    </FormDialog>
  );
}

export function StatusDialog({ shown, onClose }: DialogProps) {
  const { t } = useTranslation("clinical");
  const missing = useMissing();
  const send = useSend(
    shown,
    ({ note = "", ...fields }: Omit<NewStatus, "note"> & { note?: string }) =>
      careApi.tell(shown.id, { ...fields, note }),
    onClose,
  );
  return (
    <FormDialog<Omit<NewStatus, "note"> & { note?: string }>
      title={t("care.tell")}
      okText={t("care.write")}
      initialValues={{ vital: "alive", on: dayOf(new Date()) }}
      busy={send.isPending}
      error={send.error}
      onSubmit={send.mutate}
      onClose={onClose}
    >
      <Form.Item name="vital" rules={missing}>
        <Radio.Group
          optionType="button"
          options={(["alive", "dead", "lost"] as const).map((value) => ({ value, label: t(`care.vital.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="on" label={t("care.on")} rules={missing}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="note" label={t("care.note")}>
        <Input.TextArea autoSize={{ minRows: 2 }} />
      </Form.Item>
    </FormDialog>
  );
}
