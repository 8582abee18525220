import { type OrientationMarks, orientationMarks } from "@tongtai/geometry";
import { type CtSlice, type DisplayWindow, presetOf, scaleBar } from "@tongtai/viewer-core";
import { useTranslation } from "react-i18next";

import { Marks } from "./Marks";

interface OverlayProps {
  readonly slice: CtSlice;
  readonly number: number;
  readonly total: number;
  readonly expected?: number | null;
  readonly window: DisplayWindow;
  readonly mmPerPx: number | null;
}

function marksOf(slice: CtSlice): OrientationMarks | null {
  try {
    return orientationMarks(slice.imageOrientationPatient);
  } catch {
    return null;
  }
}

/** What must stand on every slice: which one, when, how it is windowed, which side is which, how large. */
export function Overlay({ slice, number, total, expected, window, mmPerPx }: OverlayProps) {
  const { t } = useTranslation("room");
  const marks = marksOf(slice);
  const bar = mmPerPx === null ? null : scaleBar(mmPerPx, 140);
  const preset = presetOf(window);
  const arriving = expected !== null && expected !== undefined && total < expected;
  const values = { center: Math.round(window.center), width: Math.round(window.width) };
  return (
    <>
      <div className="tt-ct__note" style={{ left: 0, top: 0 }}>
        {slice.modality} {slice.time ?? ""}
        <br />
        <span data-testid="ct-arrived">
          {arriving ? t("ct.arriving", { received: total, expected }) : t("ct.slices", { count: total })}
        </span>
      </div>
      <div className="tt-ct__note" style={{ right: 0, top: 0, textAlign: "right" }}>
        <span data-testid="ct-slice-number">{t("ct.slice", { number, total })}</span>
        <br />
        {slice.colour ? t("ct.colour") : preset ? t(`ct.preset.${preset}`) : t("ct.window", values)}
      </div>
      {marks ? (
        <Marks marks={marks} />
      ) : (
        <div className="tt-ct__note" style={{ left: 0, bottom: 0 }}>
          {t("ct.no_placement")}
        </div>
      )}
      {bar ? (
        <div className="tt-ct__scale" data-testid="ct-scale" style={{ width: bar.lengthPx }}>
          <span>{bar.lengthMm} mm</span>
        </div>
      ) : null}
    </>
  );
}
