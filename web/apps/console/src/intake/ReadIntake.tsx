import type { Case, Intake, IntakeAnswer, IntakeFormSheet, IntakeItem } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { useWords } from "../workflow/words";
import { unitText } from "./answers";
import { CompletenessPanel } from "./CompletenessPanel";
import { FileLinks } from "./Files";
import { ImagingCheckPanel } from "./ImagingCheckPanel";
import { groupsOf } from "./queries";
import { ScoresPanel } from "./ScoresPanel";
import { useFormWords } from "./words";

interface ReadIntakeProps {
  readonly shown: Case;
  readonly form: IntakeFormSheet;
  readonly intake: Intake;
}

function Value({ item, answer }: { readonly item: IntakeItem; readonly answer: IntakeAnswer }) {
  const { choice } = useFormWords();
  if (item.kind === "number") {
    return (
      <>
        {answer.given_value === "" ? String(answer.value) : answer.given_value}{" "}
        {unitText(answer.given_unit === "" ? answer.unit : answer.given_unit)}
      </>
    );
  }
  const texts = [answer.value].flat().map(String);
  return <>{(item.kind === "text" ? texts : texts.map(choice)).join("、")}</>;
}

/** The material as the other side reads it: every answer with its day and where it came from. */
export function ReadIntake({ shown, form, intake }: ReadIntakeProps) {
  const { t } = useTranslation("intake");
  const { name } = useFormWords();
  const { lackText } = useWords();
  const gaps = new Map(intake.today.gaps.map((gap) => [gap.item, gap]));
  // What stays at the hospital, such as telephone numbers, is not sent at all: no frame of empty names.
  const known = ({ key }: IntakeItem) =>
    key in intake.answers || gaps.has(key) || intake.attachments.some(({ item }) => item === key);
  return (
    <div className="intake">
      <div className="intake-read">
        {groupsOf(form, shown.technique)
          .filter(({ items }) => items.some(known))
          .map((group) => (
            <Panel key={group.key} title={name(group)}>
              <dl className="facts">
                {group.items.map((item) => {
                  const answer = intake.answers[item.key];
                  const files = intake.attachments.filter((file) => file.item === item.key);
                  const gap = gaps.get(item.key);
                  return (
                    <div key={item.key} className="intake-read__item">
                      <dt>{name(item)}</dt>
                      <dd>
                        {answer !== undefined && <Value item={item} answer={answer} />}
                        {files.length > 0 && <FileLinks caseId={shown.id} files={files} />}
                        {typeof answer?.observed_on === "string" && item.fresh_days !== null && (
                          <span className="shell-dim"> {answer.observed_on}</span>
                        )}
                        {answer !== undefined && answer.origin !== "form" && (
                          <span className="shell-dim"> {t(`origin.${answer.origin}`)}</span>
                        )}
                        {gap !== undefined && (
                          <StateMark level={gap.blocks ? "warn" : "info"}>
                            {gap.code === "item_missing" ? t("missing") : lackText(gap)}
                          </StateMark>
                        )}
                      </dd>
                    </div>
                  );
                })}
              </dl>
            </Panel>
          ))}
      </div>
      <aside className="intake-side">
        <CompletenessPanel shown={shown} intake={intake} />
        <ScoresPanel scores={intake.scores} />
        {shown.permissions.includes("imaging_read") && <ImagingCheckPanel shown={shown} />}
      </aside>
    </div>
  );
}
