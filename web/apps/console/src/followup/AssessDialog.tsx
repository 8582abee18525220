import { careApi, type Case, type FollowUp, type NewAssessment } from "@tongtai/api-client";
import { Alert, Button, Checkbox, Form, Input, InputNumber, Radio, Select } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useFormDraft } from "../shell/drafts";
import { FormDialog } from "../shell/FormDialog";
import { useWords } from "../workflow/words";
import { dayOf } from "./days";
import { useMissing, useSend } from "./dialogs";

interface Measured {
  readonly lesion_id: string;
  readonly organ: string;
  readonly longest_mm?: number | null;
  readonly viable_mm?: number | null;
}

type Sign = "local_progression" | "new_intrahepatic" | "extrahepatic";

interface Fields {
  readonly examined_on: string;
  readonly modality: NewAssessment["modality"];
  readonly lesions: readonly Measured[];
  readonly complete_ablation?: boolean;
  readonly signs?: Sign[];
  readonly afp_ng_ml?: number | null;
  readonly seed_dose_verified?: boolean;
  readonly note?: string;
}

/** The form's rows as the server wants them: targets are chosen once, at the baseline. */
export function wireOf(fields: Fields, baseline: boolean): NewAssessment {
  const of = (name: "longest_mm" | "viable_mm") =>
    Object.fromEntries(
      fields.lesions.flatMap((each) => (typeof each[name] === "number" ? [[each.lesion_id, each[name]]] : [])),
    );
  const signs = new Set(fields.signs);
  return {
    examined_on: fields.examined_on,
    modality: fields.modality,
    targets: baseline
      ? fields.lesions.map(({ lesion_id, organ }) => ({ lesion_id, organ, lymph_node: organ === "lymph_node" }))
      : [],
    longest_mm: of("longest_mm"),
    viable_mm: of("viable_mm"),
    complete_ablation: baseline ? null : (fields.complete_ablation ?? null),
    local_progression: signs.has("local_progression"),
    new_intrahepatic: signs.has("new_intrahepatic"),
    extrahepatic: signs.has("extrahepatic"),
    afp_ng_ml: fields.afp_ng_ml ?? null,
    seed_dose_verified: fields.seed_dose_verified ?? null,
    note: fields.note ?? "",
  };
}

const ORGANS = ["liver", "lung", "lymph_node", "other"] as const;

/** Measurements of one examination; the server computes mRECIST and RECIST 1.1 from them. */
export function AssessDialog({
  shown,
  found,
  onClose,
}: {
  readonly shown: Case;
  readonly found: FollowUp;
  onClose(): void;
}) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const { word: named } = useWords();
  const missing = useMissing();
  const [first] = found.assessments;
  const baseline = first === undefined;
  const draft = useFormDraft("assessment", shown.id);
  const send = useSend(
    shown,
    async (fields: Fields) => {
      await careApi.assess(shown.id, wireOf(fields, baseline));
      draft.clear();
    },
    onClose,
  );
  const targets = first?.targets.map(({ lesion_id, organ }) => ({ lesion_id, organ })) ?? [];
  const fresh: Partial<Fields> = {
    examined_on: dayOf(new Date()),
    modality: "ct",
    lesions: baseline ? [{ lesion_id: "1", organ: "liver" }] : targets,
  };
  return (
    <FormDialog<Fields>
      title={t(baseline ? "care.assessBaseline" : "care.assess")}
      okText={t("care.write")}
      width={760}
      initialValues={{ ...fresh, ...(draft.restored as Partial<Fields> | null) }}
      busy={send.isPending}
      error={send.error}
      onChange={draft.save}
      onSubmit={send.mutate}
      onClose={onClose}
    >
      {draft.restored && <Alert type="info" showIcon title={word("form.restored")} />}
      <p className="shell-dim">{t(baseline ? "care.baselineText" : "care.assessText")}</p>
      <div className="care-row">
        <Form.Item name="examined_on" label={t("care.examinedOn")} rules={missing}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="modality" label={t("care.by")} rules={missing}>
          <Radio.Group
            optionType="button"
            options={(["ct", "mr", "ceus"] as const).map((value) => ({ value, label: t(`care.modality.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="afp_ng_ml" label="AFP (ng/ml)">
          <InputNumber min={0} max={1e7} />
        </Form.Item>
      </div>
      <Form.List name="lesions">
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }) => (
              <div key={key} className="care-lesion">
                <Form.Item name={[name, "lesion_id"]} label={t("meeting.lesion")} rules={missing}>
                  <Input disabled={!baseline} />
                </Form.Item>
                <Form.Item name={[name, "organ"]} label={t("care.organ")} rules={missing}>
                  <Select
                    disabled={!baseline}
                    options={ORGANS.map((value) => ({ value, label: t(`care.organName.${value}`) }))}
                  />
                </Form.Item>
                <Form.Item name={[name, "longest_mm"]} label={`${t("care.longest")} (mm)`} rules={missing}>
                  <InputNumber min={0} max={500} />
                </Form.Item>
                <Form.Item name={[name, "viable_mm"]} label={`${t("care.viable")} (mm)`} rules={missing}>
                  <InputNumber min={0} max={500} />
                </Form.Item>
                {baseline && (
                  <Button
                    icon={<Trash2 size={16} />}
                    aria-label={t("meeting.removeLesion")}
                    onClick={() => remove(name)}
                  />
                )}
              </div>
            ))}
            {baseline && rows.length < 5 && (
              <Button
                icon={<Plus size={16} />}
                onClick={() => add({ lesion_id: String(rows.length + 1), organ: "liver" })}
              >
                {t("meeting.addLesion")}
              </Button>
            )}
          </>
        )}
      </Form.List>
      {!baseline && (
        <>
          <Form.Item name="complete_ablation" label={t("care.completeAblation")}>
            <Radio.Group
              optionType="button"
              options={[
                { value: true, label: t("care.finding.complete") },
                { value: false, label: t("care.finding.residual") },
              ]}
            />
          </Form.Item>
          <Form.Item name="signs" label={t("care.signs")}>
            <Checkbox.Group
              options={[
                { value: "local_progression", label: t("care.finding.ltp") },
                { value: "new_intrahepatic", label: t("care.finding.newIntrahepatic") },
                { value: "extrahepatic", label: t("care.finding.extrahepatic") },
              ]}
            />
          </Form.Item>
          {shown.technique === "seeds" && (
            <Form.Item name="seed_dose_verified" valuePropName="checked">
              <Checkbox>
                {named("technique", "seeds")} · {t("care.finding.doseVerified")}
              </Checkbox>
            </Form.Item>
          )}
        </>
      )}
      <Form.Item name="note" label={t("care.note")}>
        <Input.TextArea autoSize={{ minRows: 2 }} />
      </Form.Item>
    </FormDialog>
  );
}
