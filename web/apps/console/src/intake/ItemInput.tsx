import type { GivenAnswer, IntakeItem } from "@tongtai/api-client";
import { DatePicker, Input, Radio, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";

import { unitsOf, unitText } from "./answers";
import { choicesOf, useFormWords } from "./words";

export interface ItemInputProps {
  readonly item: IntakeItem;
  readonly given: GivenAnswer | undefined;
  onGive(change: Partial<GivenAnswer>): void;
}

const FEW_CHOICES = 4;
const textOf = (given: GivenAnswer | undefined): string => String(given?.value ?? "");
const listOf = (given: GivenAnswer | undefined): string[] => (Array.isArray(given?.value) ? given.value : []);
/** An empty field takes the answer away. */
const orNothing = (text: string): string | null => (text.trim() === "" ? null : text);

function NumberInput({ item, given, onGive }: ItemInputProps) {
  const { t } = useTranslation("intake");
  const units = unitsOf(item);
  const unit = given?.unit === undefined || given.unit === "" ? item.unit : given.unit;
  return (
    <span className="intake-number">
      <Input
        id={`item-${item.key}`}
        data-testid={`item-${item.key}`}
        inputMode="decimal"
        autoComplete="off"
        maxLength={32}
        value={textOf(given)}
        suffix={units.length === 1 ? unitText(item.unit) : undefined}
        onChange={({ target }) => {
          onGive({ value: orNothing(target.value), unit, confirmed: false });
        }}
      />
      {units.length > 1 && (
        <Select
          value={unit}
          aria-label={t("unit")}
          data-testid={`unit-${item.key}`}
          options={units.map((value) => ({ value, label: unitText(value) }))}
          onChange={(value) => {
            onGive({ unit: value, confirmed: false });
          }}
        />
      )}
    </span>
  );
}

function ChoiceInput({ item, given, onGive }: ItemInputProps) {
  const { choice } = useFormWords();
  const choices = choicesOf(item);
  const value = textOf(given) || undefined;
  const options = choices.map((code) => ({ value: code, label: choice(code) }));
  const give = (code: string | undefined) => {
    onGive({ value: code ?? null });
  };
  if (choices.length <= FEW_CHOICES) {
    return (
      <Radio.Group
        id={`item-${item.key}`}
        data-testid={`item-${item.key}`}
        optionType="button"
        value={value}
        options={options}
        onChange={({ target }) => {
          give(target.value as string);
        }}
      />
    );
  }
  return (
    <Select
      id={`item-${item.key}`}
      data-testid={`item-${item.key}`}
      allowClear
      value={value}
      options={options}
      onChange={give}
    />
  );
}

function ListInput({ item, given, onGive }: ItemInputProps) {
  const { t } = useTranslation("intake");
  return (
    <Select
      id={`item-${item.key}`}
      data-testid={`item-${item.key}`}
      mode="tags"
      open={false}
      suffixIcon={null}
      placeholder={t("listHint")}
      tokenSeparators={[";", "；", "\n"]}
      value={listOf(given)}
      onChange={(values: string[]) => {
        onGive({ value: values.length === 0 ? null : values });
      }}
    />
  );
}

/** One answer, by what kind it is; a file is given elsewhere. */
export function ItemInput(props: ItemInputProps) {
  const { item, given, onGive } = props;
  switch (item.kind) {
    case "number":
      return <NumberInput {...props} />;
    case "choice":
    case "yes_no":
      return <ChoiceInput {...props} />;
    case "list":
      return <ListInput {...props} />;
    case "date":
      return (
        <DatePicker
          id={`item-${item.key}`}
          data-testid={`item-${item.key}`}
          value={given?.value ? dayjs(textOf(given)) : null}
          onChange={(day) => {
            onGive({ value: day?.format("YYYY-MM-DD") ?? null });
          }}
        />
      );
    default:
      return (
        <Input.TextArea
          id={`item-${item.key}`}
          data-testid={`item-${item.key}`}
          autoSize={{ minRows: 1, maxRows: 8 }}
          maxLength={20_000}
          value={textOf(given)}
          onChange={({ target }) => {
            onGive({ value: orNothing(target.value) });
          }}
        />
      );
  }
}
