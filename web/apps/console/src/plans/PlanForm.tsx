import { useQueryClient } from "@tanstack/react-query";
import { type Case, type PlanOptions, type PlanOrder, plansApi, type Series } from "@tongtai/api-client";
import { Alert, Button, Form, InputNumber, Segmented, Select, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { usePreferences } from "../shell/preferences";
import { jobsKey } from "./queries";
import { SeedFields } from "./seeds/SeedFields";
import { bestFirst, canPlanOn } from "./series";

interface PlanFormProps {
  readonly shown: Case;
  readonly series: readonly Series[];
  readonly options: PlanOptions;
  readonly onClose: () => void;
}

function useSeriesChoices(series: readonly Series[]) {
  const { t } = useTranslation("plan");
  return bestFirst(series).map((one, index) => {
    const name = one.description || t("form.unnamed");
    const slices = t("form.slices", { count: Math.max(one.instances, one.frames) });
    const word = canPlanOn(one) ? (index === 0 ? ` · ${t("form.best")}` : "") : ` · ${t("form.unfit")}`;
    return { value: one.series_uid, label: `${name} · ${slices}${word}`, disabled: !canPlanOn(one) };
  });
}

/** What is to be planned; everything but the series has an answer already. */
export function PlanForm({ shown, series, options, onClose }: PlanFormProps) {
  const { t } = useTranslation("plan");
  const { language } = usePreferences();
  const queries = useQueryClient();
  const errorText = useErrorText();
  const [form] = Form.useForm<PlanOrder>();
  const [problem, setProblem] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const choices = useSeriesChoices(series);
  const first: PlanOrder = {
    series_uid: choices.find(({ disabled }) => !disabled)?.value ?? "",
    technique: options.techniques.find((technique) => technique === shown.technique) ?? "mwa",
    device_id: "",
    margin_mm: 5,
    tumour_number: 1,
    engine: "auto",
    position: "supine",
    language,
    heat: true,
  };
  const technique = Form.useWatch("technique", form) ?? first.technique;
  const devices = options.devices.filter((device) => device.technique === technique);
  const send = async (order: PlanOrder) => {
    setSending(true);
    setProblem(null);
    try {
      await plansApi.start(shown.id, order);
      await queries.invalidateQueries({ queryKey: jobsKey(shown.id) });
      onClose();
    } catch (error) {
      setProblem(errorText(error));
      setSending(false);
    }
  };
  return (
    <Form<PlanOrder>
      form={form}
      layout="vertical"
      className="plan-form"
      initialValues={first}
      disabled={sending}
      onFinish={(order) => void send(order)}
      onValuesChange={(changed: Partial<PlanOrder>) => {
        if (changed.technique !== undefined) form.setFieldValue("device_id", "");
      }}
    >
      <Form.Item
        name="series_uid"
        label={t("form.series")}
        className="plan-form__wide"
        rules={[{ required: true, message: t("form.noSeries") }]}
      >
        <Select options={choices} data-testid="plan-series" />
      </Form.Item>
      <Form.Item name="technique" label={t("form.technique")}>
        <Segmented options={options.techniques.map((value) => ({ value, label: t(`technique.${value}`) }))} block />
      </Form.Item>
      {technique === "seeds" ? (
        <SeedFields options={options} />
      ) : (
        <Form.Item name="device_id" label={t("form.device")}>
          <Select
            options={[
              { value: "", label: t("form.anyDevice") },
              ...devices.map(({ id, name, evidence }) => ({
                value: id,
                label: `${name} · ${t(`evidence.${evidence}`, { defaultValue: evidence })}`,
              })),
            ]}
          />
        </Form.Item>
      )}
      <Form.Item name="margin_mm" label={t("form.margin")}>
        <InputNumber min={0} max={20} step={1} suffix="mm" style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="tumour_number" label={t("form.tumour")} extra={t("form.tumourHint")}>
        <InputNumber min={1} max={99} precision={0} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="engine" label={t("form.engine")}>
        <Select
          options={options.engines.map(({ name, title }) => ({
            value: name,
            label: t(`engine.${name}`, { defaultValue: title }),
          }))}
        />
      </Form.Item>
      <Form.Item name="position" label={t("form.position")}>
        <Segmented
          options={(["supine", "prone"] as const).map((value) => ({ value, label: t(`form.${value}`) }))}
          block
        />
      </Form.Item>
      <Form.Item name="language" label={t("form.language")}>
        <Segmented
          options={[
            { value: "zh", label: "中文" },
            { value: "en", label: "English" },
          ]}
          block
        />
      </Form.Item>
      {technique !== "seeds" && (
        <Form.Item name="heat" label={t("form.heat")} valuePropName="checked" extra={t("form.heatHint")}>
          <Switch />
        </Form.Item>
      )}
      {problem !== null && <Alert className="plan-form__wide" type="error" showIcon title={problem} />}
      <div className="plan-form__acts plan-form__wide">
        <Button type="primary" htmlType="submit" loading={sending} data-testid="plan-start">
          {t("form.start")}
        </Button>
        <Button onClick={onClose}>{t("form.close")}</Button>
      </div>
    </Form>
  );
}
