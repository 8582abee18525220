import type { ApiError, Attachment, GivenAnswer, IntakeGap, IntakeItem, Lack } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { Button } from "antd";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { useWords } from "../workflow/words";
import { convertedText } from "./answers";
import { Files } from "./Files";
import { ItemDay } from "./ItemDay";
import { ItemInput } from "./ItemInput";
import { useFormWords } from "./words";

export interface ItemRowProps {
  readonly caseId: string;
  readonly item: IntakeItem;
  readonly given: GivenAnswer | undefined;
  readonly gap: IntakeGap | undefined;
  /** In order today, and not on the operation's day. */
  readonly laterGap: IntakeGap | undefined;
  readonly refused: ApiError | undefined;
  /** Somebody else's answer to the same item; `null` where there is no conflict. */
  readonly theirs: GivenAnswer | undefined | null;
  readonly files: readonly Attachment[];
  readonly groupDay: string;
  onGive(key: string, given: GivenAnswer): void;
  onSettle(key: string, mine: boolean): void;
}

const NOTHING: GivenAnswer = { value: null, unit: "", observed_on: null, confirmed: false };

function Remarks(props: ItemRowProps) {
  const { item, given, gap, laterGap, refused, theirs, onGive, onSettle } = props;
  const { t } = useTranslation("intake");
  const { lackText } = useWords();
  const { choice } = useFormWords();
  const errorText = useErrorText();
  if (theirs !== null) {
    const said = theirs?.value ?? null;
    const text = said === null ? t("nothing") : [said].flat().map(String).map(choice).join("、");
    return (
      <div className="intake-remark" role="alert">
        <StateMark level="bad">{t("conflict", { text: `${text} ${theirs?.unit ?? ""}`.trim() })}</StateMark>{" "}
        <Button
          onClick={() => {
            onSettle(item.key, true);
          }}
        >
          {t("mine")}
        </Button>{" "}
        <Button
          onClick={() => {
            onSettle(item.key, false);
          }}
        >
          {t("theirs")}
        </Button>
      </div>
    );
  }
  if (refused !== undefined) {
    return (
      <div className="intake-remark" role="alert">
        <StateMark level="bad">{errorText(refused)}</StateMark>
      </div>
    );
  }
  const converted = convertedText(item, given);
  const shown: Lack | undefined = gap?.code === "item_missing" ? undefined : (gap ?? laterGap);
  if (converted === null && shown === undefined) return null;
  return (
    <div className="intake-remark">
      {converted !== null && <span className="shell-dim">{converted}</span>}
      {shown !== undefined && (
        <StateMark level={gap === undefined ? "info" : gap.blocks ? "warn" : "info"}>
          {gap === undefined ? t("laterGap", { text: lackText(shown) }) : lackText(shown)}
        </StateMark>
      )}
      {gap?.code === "item_implausible" && given !== undefined && (
        <Button
          data-testid={`confirm-${item.key}`}
          onClick={() => {
            onGive(item.key, { ...given, confirmed: true });
          }}
        >
          {t("confirm")}
        </Button>
      )}
    </div>
  );
}

/** One item of the form: its name, the answer, its day, and what is wrong with it, all in one line where there is room. */
export const ItemRow = memo(function ItemRow(props: ItemRowProps) {
  const { caseId, item, given, gap, files, groupDay, onGive } = props;
  const { t } = useTranslation("intake");
  const { name } = useFormWords();
  const dated = item.fresh_days !== null && item.kind !== "file";
  const give = (change: Partial<GivenAnswer>) => {
    // A number is as old as its sample; what a person says is as old as the saying.
    const day = given?.observed_on ?? (item.kind === "number" && dated ? groupDay : null);
    const renewed = item.kind === "number" || !("value" in change) ? day : null;
    onGive(item.key, { ...NOTHING, ...given, observed_on: renewed, ...change });
  };
  return (
    <div className="intake-item" data-wide={item.kind === "text"} data-gap={gap?.code} data-testid={`row-${item.key}`}>
      <label className="intake-item__name" htmlFor={`item-${item.key}`}>
        {gap !== undefined && (
          <span className="intake-item__mark" data-level={gap.blocks ? "warn" : "info"} title={t("missing")}>
            ●
          </span>
        )}
        {name(item)}
        {item.level === "warn" && <span className="shell-dim"> {t("optional")}</span>}
      </label>
      {item.kind === "file" ? (
        <Files caseId={caseId} item={item} files={files} />
      ) : (
        <ItemInput item={item} given={given} onGive={give} />
      )}
      {dated && given !== undefined && given.value !== null && (
        <ItemDay
          day={given.observed_on ?? null}
          onDay={(day) => {
            give({ observed_on: day });
          }}
        />
      )}
      <Remarks {...props} />
    </div>
  );
});
