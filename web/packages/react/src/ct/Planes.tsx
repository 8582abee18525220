import type { OrientationMarks } from "@tongtai/geometry";
import type { ViewerError, CtSlice, DisplayWindow, Plane, PlanesView } from "@tongtai/viewer-core";
import { createPlanesView } from "@tongtai/viewer-core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { Marks } from "./Marks";

const MARKS: Readonly<Record<Plane, OrientationMarks>> = {
  axial: { left: "R", right: "L", top: "A", bottom: "P" },
  coronal: { left: "R", right: "L", top: "H", bottom: "F" },
  sagittal: { left: "A", right: "P", top: "H", bottom: "F" },
};
const PLANES = Object.keys(MARKS) as Plane[];

/** Axial, coronal and sagittal planes through one volume; each scrolls with wheel, finger and arrow keys. */
export function Planes({ slices, window }: { readonly slices: readonly CtSlice[]; readonly window: DisplayWindow }) {
  const { t } = useTranslation("room");
  const elements = useRef<Partial<Record<Plane, HTMLDivElement>>>({});
  const view = useRef<PlanesView | null>(null);
  const first = useRef(window);
  const [error, setError] = useState<ViewerError | null>(null);
  useEffect(() => {
    let stopped = false;
    createPlanesView(elements.current as Record<Plane, HTMLDivElement>, slices, first.current).then(
      (made) => {
        if (stopped) made.destroy();
        else view.current = made;
      },
      (cause: unknown) => setError(cause as ViewerError),
    );
    return () => {
      stopped = true;
      view.current?.destroy();
      view.current = null;
    };
  }, [slices]);
  useEffect(() => {
    first.current = window;
    view.current?.setWindow(window);
  }, [window]);
  return (
    <div className="tt-ct__planes" data-testid="ct-planes">
      {PLANES.map((plane) => (
        <div
          key={plane}
          className="tt-ct__plane"
          tabIndex={0}
          role="img"
          aria-label={t(`ct.plane.${plane}`)}
          onKeyDown={({ key }) => {
            if (key === "ArrowUp" || key === "ArrowDown") view.current?.scroll(plane, key === "ArrowUp" ? -1 : 1);
          }}
        >
          <div
            className="tt-ct__viewport"
            ref={(element) => {
              if (element) elements.current[plane] = element;
            }}
            onContextMenu={(event) => event.preventDefault()}
          />
          <Marks marks={MARKS[plane]} />
          <div className="tt-ct__note">{t(`ct.plane.${plane}`)}</div>
        </div>
      ))}
      {error ? (
        <div className="tt-ct__alert" role="alert">
          {t(`ct.error.${error.code}`)}
        </div>
      ) : null}
    </div>
  );
}
