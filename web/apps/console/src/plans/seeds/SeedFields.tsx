import type { PlanOptions, PlanOrder } from "@tongtai/api-client";
import { Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";

/** What seeds are planned for. Neither dose nor activity has an answer already: a person decides both. */
export function SeedFields({ options }: { readonly options: PlanOptions }) {
  const { t } = useTranslation("plan");
  const [least, largest] = options.activity_mci;
  const required = [{ required: true, message: t("seeds.needed") }];
  return (
    <>
      <Form.Item<PlanOrder>
        name={["seeds", "prescription_gy"]}
        label={t("seeds.prescription")}
        extra={t("seeds.prescriptionHint")}
        rules={required}
      >
        <InputNumber min={1} max={1000} suffix="Gy" style={{ width: "100%" }} data-testid="seeds-prescription" />
      </Form.Item>
      <Form.Item<PlanOrder>
        name={["seeds", "activity_mci"]}
        label={t("seeds.activity")}
        extra={t("seeds.activityHint", { least, largest })}
        rules={required}
      >
        <InputNumber
          min={least}
          max={largest}
          step={0.05}
          suffix="mCi"
          style={{ width: "100%" }}
          data-testid="seeds-activity"
        />
      </Form.Item>
      <Form.Item<PlanOrder> name={["seeds", "seed_model"]} label={t("seeds.model")} initialValue="6711">
        <Select
          options={options.seeds.map(({ id, name, consensus }) => ({
            value: id,
            label: `${name} · ${t(consensus ? "seeds.consensus" : "seeds.noConsensus")}`,
          }))}
        />
      </Form.Item>
      <Form.Item<PlanOrder>
        name={["seeds", "implant_date"]}
        label={t("seeds.implantDate")}
        extra={t("seeds.implantDateHint")}
        normalize={(day: string) => (day === "" ? null : day)}
      >
        <Input type="date" data-testid="seeds-implant-date" />
      </Form.Item>
      <Form.Item<PlanOrder> name={["seeds", "layout"]} label={t("seeds.layout")} initialValue="">
        <Select
          options={(["", "template", "free"] as const).map((value) => ({
            value,
            label: t(`seeds.layouts.${value === "" ? "any" : value}`),
          }))}
        />
      </Form.Item>
    </>
  );
}
