import type { Mask } from "@tongtai/api-client";
import { Button, Checkbox, InputNumber } from "antd";
import { useTranslation } from "react-i18next";

const PERCENT = 100;
const EDGES = ["left", "top", "right", "bottom"] as const;
/** Consoles write who the patient is along the upper edge. */
const UPPER_STRIP: Mask = { left: 0, top: 0, right: 1, bottom: 0.12 };

export interface FeedChoice {
  readonly shown: boolean;
  readonly masks: readonly Mask[];
}

interface MaskFieldsProps {
  readonly feed: string;
  readonly choice: FeedChoice;
  onChange(choice: FeedChoice): void;
}

/** Whether a feed is shown, and its rectangles in numbers. */
export function MaskFields({ feed, choice, onChange }: MaskFieldsProps) {
  const { t } = useTranslation("replay");
  const { t: expert } = useTranslation("expert");
  const { masks } = choice;
  const put = (index: number, mask: Mask) => onChange({ ...choice, masks: masks.with(index, mask) });
  return (
    <fieldset className="mask-fields">
      <legend>
        <Checkbox
          checked={choice.shown}
          data-testid={`show-${feed}`}
          onChange={({ target }) => onChange({ ...choice, shown: target.checked })}
        >
          {t("showFeed", { feed: expert(`feed.${feed}`, { defaultValue: feed }) })}
        </Checkbox>
      </legend>
      {masks.map((mask, index) => (
        <div key={index} className="mask-fields__row">
          <span>{t("mask", { number: index + 1 })}</span>
          {EDGES.map((edge) => (
            <InputNumber
              key={edge}
              aria-label={t(`edge.${edge}`)}
              prefix={t(`edge.${edge}`)}
              suffix="%"
              min={0}
              max={PERCENT}
              value={Math.round(mask[edge] * PERCENT * 10) / 10}
              onChange={(value) => {
                const changed = { ...mask, [edge]: (value ?? 0) / PERCENT };
                if (changed.left < changed.right && changed.top < changed.bottom) put(index, changed);
              }}
            />
          ))}
          <Button onClick={() => onChange({ ...choice, masks: masks.filter((_, other) => other !== index) })}>
            {t("removeMask")}
          </Button>
        </div>
      ))}
      <Button data-testid={`strip-${feed}`} onClick={() => onChange({ shown: true, masks: [...masks, UPPER_STRIP] })}>
        {t("addStrip")}
      </Button>
    </fieldset>
  );
}
