import type { GivenAnswer, Intake } from "@tongtai/api-client";
import { DatePicker } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { isDatedBySample, today } from "./answers";
import type { Answers, SaveState } from "./autosave";
import { ItemRow, type ItemRowProps } from "./ItemRow";
import type { IntakeGroup } from "./queries";
import { useFormWords } from "./words";

interface GroupPanelProps extends Pick<ItemRowProps, "caseId" | "onGive" | "onSettle"> {
  readonly group: IntakeGroup;
  readonly intake: Intake;
  readonly kept: Answers;
  readonly save: SaveState;
}

/** The day that the group's newest sample has; today for a group without one. */
function dayOf(group: IntakeGroup, answers: Answers): string {
  const days = group.items.flatMap(({ key }) => answers[key]?.observed_on ?? []);
  return days.toSorted().at(-1) ?? today();
}

/** A group of the form; values of one sample get their day in one place. */
export function GroupPanel({ caseId, group, intake, kept, save, onGive, onSettle }: GroupPanelProps) {
  const { t } = useTranslation("intake");
  const { name } = useFormWords();
  const answers: Answers = { ...kept, ...save.pending };
  const [chosenDay, setChosenDay] = useState<string | null>(null);
  const day = chosenDay ?? dayOf(group, answers);
  const sampled = group.items.filter(isDatedBySample);
  const gaps = new Map(intake.today.gaps.map((gap) => [gap.item, gap]));
  const later = new Map(intake.at_operation.gaps.map((gap) => [gap.item, gap]));
  const done = group.items.filter(({ key }) => !gaps.has(key)).length;
  const setDay = (next: string) => {
    setChosenDay(next);
    for (const { key } of sampled) {
      const given: GivenAnswer | undefined = answers[key];
      if (given !== undefined && given.value !== null) onGive(key, { ...given, observed_on: next });
    }
  };
  return (
    <section className="tt-panel intake-group" id={`group-${group.key}`} aria-label={name(group)}>
      <header className="tt-panel__head">
        <h2 className="tt-panel__title">{name(group)}</h2>
        <span className="shell-dim" data-testid={`count-${group.key}`}>
          {done}/{group.items.length}
        </span>
        {sampled.length > 0 && (
          <div className="tt-panel__actions">
            <label className="intake-group__day">
              <span className="shell-dim">{t("groupDay")}</span>
              <DatePicker
                value={dayjs(day)}
                allowClear={false}
                disabledDate={(each) => each.isAfter(dayjs(), "day")}
                onChange={(each) => {
                  if (each !== null) setDay(each.format("YYYY-MM-DD"));
                }}
              />
            </label>
          </div>
        )}
      </header>
      <div className="intake-items">
        {group.items.map((item) => (
          <ItemRow
            key={item.key}
            caseId={caseId}
            item={item}
            given={answers[item.key]}
            gap={gaps.get(item.key)}
            laterGap={later.get(item.key)}
            refused={save.refused[item.key]}
            theirs={item.key in save.conflicts ? save.conflicts[item.key] : null}
            files={intake.attachments.filter((file) => file.item === item.key)}
            groupDay={day}
            onGive={onGive}
            onSettle={onSettle}
          />
        ))}
      </div>
    </section>
  );
}
