import { type BoxPoint, type Size } from "@tongtai/geometry";
import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from "react";

interface TextEntryProps {
  readonly at: BoxPoint;
  readonly box: Size;
  readonly colour: string;
  /** Height of the letters on the screen, CSS pixels. */
  readonly heightPx: number;
  readonly label: string;
  readonly onDone: (text: string) => void;
  readonly onCancel: () => void;
}

const MIN_READABLE_PX = 16;
const MAX_TEXT_LENGTH = 120;

/** One line of text typed onto the picture: Enter keeps it, Escape or leaving it empty drops it. */
export function TextEntry(props: TextEntryProps): ReactElement {
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const { onCancel, onDone } = props;
  const finished = useRef(false);
  useEffect(() => field.current?.focus(), []);

  const finish = (): void => {
    // A field that is taken away loses the focus: that is not a second end of the same words.
    if (finished.current) return;
    finished.current = true;
    const trimmed = text.trim();
    if (trimmed) onDone(trimmed);
    else onCancel();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    // The page's one-key shortcuts must not fire while someone types.
    event.stopPropagation();
    // Enter also chooses a word of a Chinese input method: that is not the end of the text.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") finish();
    if (event.key === "Escape") {
      finished.current = true;
      onCancel();
    }
  };
  const fontSize = Math.max(MIN_READABLE_PX, props.heightPx);
  return (
    <input
      ref={field}
      data-testid="drawing-text"
      aria-label={props.label}
      placeholder={props.label}
      value={text}
      maxLength={MAX_TEXT_LENGTH}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={finish}
      onPointerDown={(event) => event.stopPropagation()}
      style={{
        position: "absolute",
        left: Math.min(props.at.x, props.box.width - 160),
        top: props.at.y - fontSize,
        width: Math.max(160, Math.min(360, props.box.width - props.at.x - 8)),
        fontSize,
        lineHeight: 1.4,
        padding: "2px 8px",
        color: props.colour,
        background: "rgba(11, 15, 20, 0.85)",
        border: `1px solid ${props.colour}`,
        borderRadius: 4,
      }}
    />
  );
}
