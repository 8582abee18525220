import type { DrawingTool } from "@tongtai/react";
import { ToolButton } from "@tongtai/ui";
import { Circle, Eraser, MousePointer2, MoveUpRight, Pencil, Type, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { SurfaceDrawing } from "./surfaceDrawing";

const TOOLS = [
  { tool: "pen", icon: <Pencil size={20} />, key: "D" },
  { tool: "arrow", icon: <MoveUpRight size={20} />, key: undefined },
  { tool: "ellipse", icon: <Circle size={20} />, key: undefined },
  { tool: "text", icon: <Type size={20} />, key: undefined },
  { tool: "pointer", icon: <MousePointer2 size={20} />, key: "P" },
] as const;

interface DrawingToolsProps {
  readonly tool: DrawingTool | null;
  readonly drawing: Pick<SurfaceDrawing, "canUndo" | "undo" | "clear">;
  readonly disabled: boolean;
  /** The live picture has the keys and the pointer; a CT slice is drawn on by hand only. */
  readonly target: "picture" | "slice";
  readonly onTool: (tool: DrawingTool | null) => void;
}

/** Beside the picture, never on it. */
export function DrawingTools({ tool, drawing, disabled, target, onTool }: DrawingToolsProps) {
  const { t } = useTranslation("expert");
  const keyed = (key: string | undefined) => (target === "picture" ? key : undefined);
  const testId = (name: string) => (target === "picture" ? `draw-${name}` : `slice-draw-${name}`);
  const tools = TOOLS.filter(({ tool: name }) => target === "picture" || name !== "pointer");
  return (
    <div
      className="drawing-tools"
      role="toolbar"
      data-target={target}
      aria-orientation={target === "picture" ? "vertical" : "horizontal"}
      aria-label={t(target === "picture" ? "draw.title" : "draw.sliceTitle")}
    >
      {tools.map(({ tool: name, icon, key }) => (
        <ToolButton
          key={name}
          icon={icon}
          label={t(`draw.${name}`)}
          iconOnly
          keyHint={keyed(key)}
          pressed={tool === name}
          disabled={disabled}
          data-testid={testId(name)}
          onClick={() => {
            onTool(tool === name ? null : name);
          }}
        />
      ))}
      <ToolButton
        icon={<Undo2 size={20} />}
        label={t("draw.undo")}
        iconOnly
        keyHint={keyed("U")}
        disabled={disabled || !drawing.canUndo}
        data-testid={testId("undo")}
        onClick={drawing.undo}
      />
      <ToolButton
        icon={<Eraser size={20} />}
        label={t("draw.clear")}
        iconOnly
        keyHint={keyed("C")}
        disabled={disabled || !drawing.canUndo}
        data-testid={testId("clear")}
        onClick={drawing.clear}
      />
    </div>
  );
}
