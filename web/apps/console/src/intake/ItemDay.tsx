import { DatePicker } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface ItemDayProps {
  readonly day: string | null;
  onDay(day: string): void;
}

/** The day of a sample or an examination: text until somebody wants to change it. */
export function ItemDay({ day, onDay }: ItemDayProps) {
  const { t } = useTranslation("intake");
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <button
        type="button"
        className="intake-day"
        aria-label={t("dayOf", { day: day ?? "—" })}
        title={t("changeDay")}
        onClick={() => {
          setOpen(true);
        }}
      >
        {day ?? t("noDay")}
      </button>
    );
  }
  return (
    <DatePicker
      autoFocus
      defaultOpen
      className="intake-day-picker"
      value={day === null ? null : dayjs(day)}
      allowClear={false}
      disabledDate={(each) => each.isAfter(dayjs(), "day")}
      onChange={(each) => {
        if (each !== null) onDay(each.format("YYYY-MM-DD"));
        setOpen(false);
      }}
      onOpenChange={(opened) => {
        if (!opened) setOpen(false);
      }}
    />
  );
}
