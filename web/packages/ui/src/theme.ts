import { type MappingAlgorithm, theme as antdTheme, type ThemeConfig } from "antd";

export type ThemeName = "dark" | "light";

/** The values of tokens.css that Ant Design must know as numbers and colours to derive its own shades from. */
export const COLOURS = {
  dark: {
    bg: "#0b0f14",
    panel: "#121922",
    raised: "#1a2430",
    line: "#263241",
    text: "#e6edf3",
    dim: "#8fa1b3",
    accent: "#4aa8ff",
    onAccent: "#06121f",
    good: "#3fb97f",
    warn: "#f0b429",
    bad: "#ff5a52",
  },
  light: {
    bg: "#f3f6f9",
    panel: "#ffffff",
    raised: "#e9eff5",
    line: "#c3cedb",
    text: "#14202c",
    dim: "#4c5d6e",
    accent: "#0b62b0",
    onAccent: "#ffffff",
    good: "#146c43",
    warn: "#7a5200",
    bad: "#b3241d",
  },
} as const;

/** Row of 40 px at 14 px text: 9 px above and below a 22 px line. */
const DENSE_ROW_PADDING_PX = 9;

/** Ant Design's dark algorithm dulls the seed colours below our contrast; this puts the very tokens back. */
const keepSeedColours: MappingAlgorithm = (seed, map) => ({
  ...(map ?? antdTheme.darkAlgorithm(seed)),
  colorPrimary: seed.colorPrimary,
  colorSuccess: seed.colorSuccess,
  colorWarning: seed.colorWarning,
  colorError: seed.colorError,
  colorErrorHover: seed.colorError,
  colorLink: seed.colorLink,
});

export function antdThemeOf(name: ThemeName): ThemeConfig {
  const colour = COLOURS[name];
  return {
    algorithm: name === "dark" ? [antdTheme.darkAlgorithm, keepSeedColours] : antdTheme.defaultAlgorithm,
    token: {
      colorBgBase: colour.bg,
      colorBgLayout: colour.bg,
      colorBgContainer: colour.panel,
      colorBgElevated: colour.raised,
      colorBorder: colour.line,
      colorBorderSecondary: colour.line,
      colorText: colour.text,
      colorTextSecondary: colour.dim,
      colorTextTertiary: colour.dim,
      colorTextDescription: colour.dim,
      colorTextPlaceholder: colour.dim,
      // What was filled in and cannot be changed any more is still to be read.
      colorTextDisabled: colour.dim,
      colorPrimary: colour.accent,
      colorLink: colour.accent,
      colorTextLightSolid: colour.onAccent,
      colorSuccess: colour.good,
      colorWarning: colour.warn,
      colorError: colour.bad,
      fontFamily: "var(--tt-font)",
      fontSize: 14,
      borderRadius: 8,
      controlHeight: 32,
      motionDurationFast: "0.08s",
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.15s",
    },
    components: {
      Table: { cellPaddingBlockSM: DENSE_ROW_PADDING_PX, headerBg: colour.raised, rowHoverBg: colour.raised },
      Tabs: { horizontalMargin: "0 0 16px 0" },
      Button: { primaryColor: colour.onAccent, dangerColor: colour.onAccent },
    },
  };
}
