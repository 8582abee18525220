import type { OrientationMarks, Vector3 } from "@tongtai/geometry";
import { ToolButton } from "@tongtai/ui";
import type { ScenePart } from "@tongtai/viewer-core/plan";
import { createSceneView, type SceneSide, type SceneView } from "@tongtai/viewer-core/scene";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { Marks } from "../ct/Marks";
import "./plan.css";

export interface ScenePictureProps {
  readonly parts: readonly ScenePart[];
  readonly visible: ReadonlySet<string>;
  /** Offers the look down the needle from the skin. */
  readonly needle?: { readonly id: string; readonly entry: Vector3; readonly tip: Vector3 } | undefined;
}

const SIDES: readonly SceneSide[] = ["front", "right", "left", "head"];
const TURN_DEG = 10;
const KEY_TURNS: Readonly<Record<string, readonly [right: number, up: number]>> = {
  ArrowLeft: [-TURN_DEG, 0],
  ArrowRight: [TURN_DEG, 0],
  ArrowUp: [0, TURN_DEG],
  ArrowDown: [0, -TURN_DEG],
};
const KEY_ZOOMS: Readonly<Record<string, number>> = { "+": 1.2, "=": 1.2, "-": 1 / 1.2 };

const minus = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** The patient in three dimensions: turns by mouse, finger and arrow keys. */
export function ScenePicture({ parts, visible, needle }: ScenePictureProps) {
  const { t } = useTranslation("plan");
  const element = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<SceneView | null>(null);
  const [marks, setMarks] = useState<OrientationMarks | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    let stopped = false;
    let made: SceneView | null = null;
    createSceneView(target, { onTurned: setMarks }).then(
      (opened) => {
        if (stopped) return opened.destroy();
        made = opened;
        setView(opened);
      },
      () => setFailed(true),
    );
    const observer = new ResizeObserver(() => made?.resize());
    observer.observe(target);
    return () => {
      stopped = true;
      observer.disconnect();
      made?.destroy();
      setView(null);
    };
  }, []);
  useEffect(() => view?.setParts(parts), [view, parts]);
  useEffect(() => view?.setVisible(visible), [view, visible, parts]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const turn = KEY_TURNS[event.key];
    const factor = KEY_ZOOMS[event.key];
    if ((!turn && factor === undefined) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (turn) view?.turn(...turn);
    else view?.zoom(factor ?? 1);
  };
  return (
    <figure className="tt-plane">
      <div
        className="tt-plane__stage"
        data-testid="plan-scene"
        data-marks={marks ? Object.values(marks).join(" ") : ""}
      >
        <div
          ref={element}
          className="tt-plane__scene"
          role="application"
          aria-roledescription={t("scene.role")}
          aria-label={t("scene.title")}
          tabIndex={0}
          onKeyDown={onKeyDown}
          onContextMenu={(event) => event.preventDefault()}
        />
        {marks ? <Marks marks={marks} /> : null}
        {failed ? (
          <div className="tt-ct__alert" role="alert">
            {t("scene.failed")}
          </div>
        ) : null}
      </div>
      <figcaption className="tt-plane__caption">
        <strong>{t("scene.title")}</strong>
        <span className="tt-plane__tools">
          {SIDES.map((side) => (
            <ToolButton key={side} label={t(`scene.side.${side}`)} onClick={() => view?.lookFrom(side)} />
          ))}
          {needle ? (
            <ToolButton
              label={t("scene.alongNeedle", { needle: needle.id })}
              onClick={() => view?.lookAlong(minus(needle.tip, needle.entry), needle.tip)}
            />
          ) : null}
        </span>
      </figcaption>
    </figure>
  );
}
