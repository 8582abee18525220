import type { ComponentPropsWithRef, ReactNode } from "react";

import { KeyHint } from "./KeyHint";

export interface ToolButtonProps extends Omit<ComponentPropsWithRef<"button">, "children"> {
  readonly icon?: ReactNode;
  /** Shown beside the icon, or only spoken when `iconOnly`. */
  readonly label: string;
  readonly iconOnly?: boolean;
  readonly pressed?: boolean;
  /** The shortcut as the user reads it, e.g. `F` or `⇧S`. */
  readonly keyHint?: string;
  /** `room` is at least 48 px for gloved hands; `desk` at least 32 px. */
  readonly size?: "desk" | "room";
  readonly tone?: "plain" | "primary" | "danger";
}

export function ToolButton(props: ToolButtonProps) {
  const { icon, label, iconOnly = false, pressed, keyHint, size = "desk", tone = "plain", ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      className={`tt-tool ${rest.className ?? ""}`}
      data-size={size}
      data-tone={tone}
      aria-pressed={pressed}
      aria-label={iconOnly ? label : undefined}
      title={rest.title ?? (iconOnly ? label : undefined)}
    >
      {icon}
      {!iconOnly && <span>{label}</span>}
      {keyHint !== undefined && <KeyHint>{keyHint}</KeyHint>}
    </button>
  );
}
