/** A display window in the series' own units (Hounsfield units for CT). */
export interface DisplayWindow {
  readonly center: number;
  readonly width: number;
}

export type WindowPresetName = "abdomen" | "liver" | "lung" | "bone";

/** Usual reading windows of abdominal CT, HU. */
export const WINDOW_PRESETS: Readonly<Record<WindowPresetName, DisplayWindow>> = {
  abdomen: { center: 40, width: 400 },
  liver: { center: 80, width: 150 },
  lung: { center: -600, width: 1500 },
  bone: { center: 400, width: 1800 },
};

export const WINDOW_PRESET_NAMES = Object.keys(WINDOW_PRESETS) as WindowPresetName[];

export function presetOf(window: DisplayWindow): WindowPresetName | null {
  const same = (name: WindowPresetName): boolean =>
    WINDOW_PRESETS[name].center === Math.round(window.center) &&
    WINDOW_PRESETS[name].width === Math.round(window.width);
  return WINDOW_PRESET_NAMES.find(same) ?? null;
}

/** Lower and upper bound of the grey ramp. */
export const windowRange = ({ center, width }: DisplayWindow): { lower: number; upper: number } => ({
  lower: center - width / 2,
  upper: center + width / 2,
});
