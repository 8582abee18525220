import type { ScenePart } from "@tongtai/viewer-core/plan";
import { ToolButton } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

import { type Layer, layerOf } from "./layers";
import type { LabelEntry } from "./volumes";

interface LayerButtonsProps {
  readonly layers: readonly Layer[];
  /** What a layer is called in this plan, where that is another word. */
  readonly names?: Partial<Record<Layer, string>>;
  readonly on: ReadonlySet<Layer>;
  readonly onChange: (on: ReadonlySet<Layer>) => void;
  readonly entries: readonly LabelEntry[];
  readonly parts: readonly ScenePart[];
}

const byte = (value: number): number => Math.round(value * 255);

/** One switch a group of structures, with the colours that it has in the pictures. */
export function LayerButtons({ layers, names = {}, on, onChange, entries, parts }: LayerButtonsProps) {
  const { t } = useTranslation("plan");
  const coloursOf = (layer: Layer): string[] => {
    const labels = entries.filter(({ name }) => layerOf(name) === layer).map(({ colour }) => colour);
    const surfaces = parts
      .filter(({ name }) => layerOf(name) === layer)
      .map(({ colour }) => `rgb(${colour.map(byte).join(" ")})`);
    return [...new Set(labels.length > 0 ? labels : surfaces)].slice(0, 4);
  };
  const toggle = (layer: Layer): void => {
    const next = new Set(on);
    if (!next.delete(layer)) next.add(layer);
    onChange(next);
  };
  return (
    <span className="plan-layers" role="group" aria-label={t("layers")}>
      {layers.map((layer) => (
        <ToolButton
          key={layer}
          label={names[layer] ?? t(`layer.${layer}`)}
          pressed={on.has(layer)}
          data-testid={`layer-${layer}`}
          icon={
            <span className="plan-swatches" aria-hidden="true">
              {coloursOf(layer).map((colour) => (
                <i key={colour} style={{ background: colour }} />
              ))}
            </span>
          }
          onClick={() => toggle(layer)}
        />
      ))}
    </span>
  );
}
