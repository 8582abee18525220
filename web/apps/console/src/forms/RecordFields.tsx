import { useQuery } from "@tanstack/react-query";
import {
  type RecordField,
  recordForm,
  type RecordForm,
  type RecordFormKey,
  type RecordValues,
} from "@tongtai/api-client";
import { Checkbox, Form, Input, InputNumber, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";

import { usePreferences } from "../shell/preferences";
import { textOf } from "./recordValues";

/** A form that is data on the server: asked for once. */
export const useRecordForm = (key: RecordFormKey): RecordForm | undefined =>
  useQuery({
    queryKey: ["record-form", key],
    queryFn: () => recordForm(key),
    staleTime: Number.POSITIVE_INFINITY,
  }).data;

const FEW = 3;
const MANY_STEPS = 10;

function Control({ field, ...given }: { readonly field: RecordField }) {
  const { language } = usePreferences();
  const options = field.choices.map((choice) => ({ value: choice.code, label: choice[language] }));
  switch (field.kind) {
    case "choice":
      return options.length <= FEW ? (
        <Radio.Group {...given} optionType="button" options={options} />
      ) : (
        <Select {...given} options={options} />
      );
    case "choices":
      return <Select {...given} mode="multiple" options={options} optionFilterProp="label" />;
    case "number": {
      const { low, high } = field;
      if (low !== null && high !== null && high - low < MANY_STEPS) {
        const steps = Array.from({ length: high - low + 1 }, (_, step) => low + step);
        return (
          <Radio.Group
            {...given}
            optionType="button"
            options={steps.map((value) => ({ value, label: String(value) }))}
          />
        );
      }
      return <InputNumber {...given} min={low ?? undefined} max={high ?? undefined} style={{ width: 200 }} />;
    }
    case "instant":
      return <Input {...given} type="datetime-local" style={{ width: 260 }} />;
    case "day":
      return <Input {...given} type="date" style={{ width: 200 }} />;
    default:
      return <Input.TextArea {...given} autoSize={{ minRows: 1 }} maxLength={10_000} />;
  }
}

/** The fields of a form; those that a step needs are marked and asked for, and each says who wants it. */
export function RecordFields({ form, step }: { readonly form: RecordForm; readonly step: string }) {
  const { t: word } = useTranslation();
  const { language } = usePreferences();
  const source = language === "zh" ? "source_zh" : "source_en";
  return form.fields.map((field) => {
    const needed = field.needed_for.includes(step);
    if (field.kind === "check") {
      return (
        <Form.Item key={field.key} name={field.key} valuePropName="checked" extra={field[source]}>
          <Checkbox>{field[language]}</Checkbox>
        </Form.Item>
      );
    }
    return (
      <Form.Item
        key={field.key}
        name={field.key}
        label={field[language]}
        extra={field[source]}
        rules={needed ? [{ required: true, message: word("form.missing") }] : []}
      >
        <Control field={field} />
      </Form.Item>
    );
  });
}

/** What a form says, field by field; what is still empty says so. */
export function RecordFacts({ form, values }: { readonly form: RecordForm; readonly values: RecordValues }) {
  const { t: word } = useTranslation();
  const { language } = usePreferences();
  const yesNo = [word("form.yes"), word("form.no")] as const;
  return (
    <dl className="facts record-facts">
      {form.fields.map((field) => (
        <div key={field.key} className="record-facts__row">
          <dt>{field[language]}</dt>
          <dd>
            {textOf(field, values[field.key], language, yesNo) ?? (
              <span className="shell-dim">{word("form.empty")}</span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
