import type { DrawingTool } from "@tongtai/react";
import { ToolButton } from "@tongtai/ui";
import { Circle, Eraser, MousePointer2, MoveUpRight, Pencil, Type, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { PictureDrawing } from "./FocusPicture";

const TOOLS = [
  { tool: "pen", icon: <Pencil size={20} />, key: "D" },
  { tool: "arrow", icon: <MoveUpRight size={20} />, key: undefined },
  { tool: "ellipse", icon: <Circle size={20} />, key: undefined },
  { tool: "text", icon: <Type size={20} />, key: undefined },
  { tool: "pointer", icon: <MousePointer2 size={20} />, key: "P" },
] as const;

interface DrawingToolsProps {
  readonly tool: DrawingTool | null;
  readonly drawing: PictureDrawing;
  readonly disabled: boolean;
  readonly onTool: (tool: DrawingTool | null) => void;
}

/** Beside the picture, never on it. */
export function DrawingTools({ tool, drawing, disabled, onTool }: DrawingToolsProps) {
  const { t } = useTranslation("expert");
  return (
    <div className="drawing-tools" role="toolbar" aria-orientation="vertical" aria-label={t("draw.title")}>
      {TOOLS.map(({ tool: name, icon, key }) => (
        <ToolButton
          key={name}
          icon={icon}
          label={t(`draw.${name}`)}
          iconOnly
          keyHint={key}
          pressed={tool === name}
          disabled={disabled}
          data-testid={`draw-${name}`}
          onClick={() => {
            onTool(tool === name ? null : name);
          }}
        />
      ))}
      <ToolButton
        icon={<Undo2 size={20} />}
        label={t("draw.undo")}
        iconOnly
        keyHint="U"
        disabled={disabled || !drawing.canUndo}
        data-testid="draw-undo"
        onClick={drawing.undo}
      />
      <ToolButton
        icon={<Eraser size={20} />}
        label={t("draw.clear")}
        iconOnly
        keyHint="C"
        disabled={disabled || !drawing.canUndo}
        data-testid="draw-clear"
        onClick={drawing.clear}
      />
    </div>
  );
}
