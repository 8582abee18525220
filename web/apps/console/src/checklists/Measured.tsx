import type { CheckLine, CheckMark, CheckReading, Measurement } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

import { FormDialog } from "../shell/FormDialog";
import { formatDateTime, usePreferences } from "../shell/preferences";
import { rangeOf, valueOf } from "./measuredText";

const LEVELS = { met: "good", not_met: "bad", stale: "warn", not_measured: "off" } as const;

const clock = (iso: string) => formatDateTime(iso).slice(5);

type Translate = ReturnType<typeof useTranslation<"clinical">>["t"];

function partText(t: Translate, line: CheckLine, { name, value, code }: Measurement["parts"][number]): string {
  const words = code === "" ? "" : t(`measured.codes.${code}`, { count: value ?? 0, defaultValue: code });
  const number = value === null || code !== "" ? "" : valueOf(line, value);
  const said = words || number || t("measured.nothing");
  return name === "" ? said : `${name} ${said}`;
}

function measuredBy(t: Translate, { by, by_name }: Measurement): string {
  return t(`measured.by.${by}`, { name: by_name });
}

/** What the installation has measured of a line: value, when and by what, limit, and whether it is met. */
export function ReadingText({ line, reading }: { readonly line: CheckLine; readonly reading: CheckReading }) {
  const { t } = useTranslation("clinical");
  const { found, state, valid_min } = reading;
  if (found === null) return <StateMark level="off">{t("measured.state.not_measured")}</StateMark>;
  const range = rangeOf(line, found);
  // A single uplink or gateway says no more than the line itself.
  const parts = found.parts.filter(({ code }) => code !== "" || found.parts.length > 1);
  return (
    <span className="check-reading" data-testid={`reading-${line.key}`} data-state={state}>
      <StateMark level={LEVELS[state]}>
        {typeof found.value === "number" && `${valueOf(line, found.value)} · `}
        {t(`measured.state.${state}`, { minutes: valid_min })}
      </StateMark>
      <span className="shell-dim">
        {[range && t("measured.limit", { range }), clock(found.at), measuredBy(t, found)].filter(Boolean).join(" · ")}
      </span>
      {parts.length > 0 && (
        <span className="check-parts">
          {parts.map((part) => (
            <span key={`${part.name} ${part.code}`} data-met={part.met}>
              {partText(t, line, part)}
            </span>
          ))}
        </span>
      )}
    </span>
  );
}

interface OriginProps {
  readonly line: CheckLine;
  readonly mark: CheckMark;
  /** A person's name in the page's language. */
  readonly named: (name: string) => string;
}

/** Where an answer comes from: taken over, or by hand, and against which measurement. */
export function MarkOrigin({ line, mark, named }: OriginProps) {
  const { t } = useTranslation("clinical");
  if (mark.reading === null) return null;
  const { measured } = mark;
  if (mark.reason !== "") {
    return (
      <StateMark level="warn">{t("measured.overridden", { name: named(mark.by_name), reason: mark.reason })}</StateMark>
    );
  }
  if (mark.taken && measured) {
    return (
      <span className="shell-dim">
        {t("measured.taken", { at: clock(measured.at), by: measuredBy(t, measured) })}
        {typeof measured.value === "number" && ` · ${valueOf(line, measured.value)}`}
      </span>
    );
  }
  return <span className="shell-dim">{t("measured.byHand", { name: named(mark.by_name) })}</span>;
}

interface ReasonProps {
  readonly line: CheckLine;
  onReason(reason: string): void;
  onClose(): void;
}

/** Why the work goes on although the measurement misses its limit. */
export function ReasonDialog({ line, onReason, onClose }: ReasonProps) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const { language } = usePreferences();
  return (
    <FormDialog<{ reason: string }>
      title={t("measured.reasonTitle")}
      okText={t("measured.override")}
      busy={false}
      error={null}
      onSubmit={({ reason }) => onReason(reason)}
      onClose={onClose}
    >
      <p>{t("measured.reasonText", { line: language === "en" ? line.en : line.zh })}</p>
      <Form.Item
        name="reason"
        label={t("check.reopenReason")}
        rules={[{ required: true, whitespace: true, max: 500, message: word("form.missing") }]}
      >
        <Input.TextArea autoSize={{ minRows: 2 }} autoFocus />
      </Form.Item>
    </FormDialog>
  );
}
