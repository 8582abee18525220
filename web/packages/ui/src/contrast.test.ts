import { readFileSync } from "node:fs";

import { theme as antdTheme } from "antd";
import { describe, expect, it } from "vitest";

import { antdThemeOf, COLOURS, type ThemeName } from "./theme";

/** Least contrast of text (WCAG 2.2, 1.4.3). */
const LEAST = 4.5;
const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

/** The tokens of one theme as tokens.css has them, by name without `--tt-`. */
function tokensOf(name: ThemeName): Record<string, string> {
  const block = new RegExp(`data-theme="${name}"\\]\\s*\\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return Object.fromEntries([...block.matchAll(/--tt-([a-z-]+):\s*(#[0-9a-f]{6})/g)].map(([, key, hex]) => [key, hex]));
}

function rgbOf(colour: string): [number, number, number] {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour)?.[1];
  if (hex) return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
  const parts = /^rgba?\((\d+),\s*(\d+),\s*(\d+)/.exec(colour);
  if (!parts) throw new Error(`not a colour: ${colour}`);
  return [Number(parts[1]), Number(parts[2]), Number(parts[3])];
}

function luminance(colour: string): number {
  const [r, g, b] = rgbOf(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const INK = ["text", "dim", "accent", "good", "warn", "bad", "rfa", "mwa", "seeds"];
const GROUND = ["bg", "panel", "raised"];
/** Words on a coloured ground. */
const PAIRS = [
  ["on-accent", "accent"],
  ["text", "accent-deep"],
  ["dim", "accent-deep"],
  ["text", "bad-deep"],
  ["bad", "bad-deep"],
] as const;

it("measures contrast as the standard does", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 6);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});

describe.each(["dark", "light"] as const)("the %s theme", (name) => {
  const tokens = tokensOf(name);
  const pairs = [...INK.flatMap((ink) => GROUND.map((ground) => [ink, ground] as const)), ...PAIRS];

  it.each(pairs)("keeps %s on %s readable", (ink, ground) => {
    expect(contrast(tokens[ink] ?? "", tokens[ground] ?? "")).toBeGreaterThanOrEqual(LEAST);
  });

  it("is the same for the style sheet and for Ant Design", () => {
    const kebab = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const known = Object.fromEntries(Object.entries(COLOURS[name]).map(([key, hex]) => [kebab(key), hex]));
    expect(tokens).toMatchObject(known);
  });

  it("keeps what Ant Design derives from it readable", () => {
    const made = antdTheme.getDesignToken(antdThemeOf(name));
    const grounds = [made.colorBgContainer, made.colorBgElevated, made.colorBgLayout];
    const inks = [made.colorText, made.colorTextSecondary, made.colorTextPlaceholder, made.colorLink, made.colorError];
    for (const ground of grounds) {
      for (const ink of inks) expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(LEAST);
    }
    for (const ground of [made.colorErrorBg, made.colorWarningBg, made.colorSuccessBg, made.colorInfoBg]) {
      expect(contrast(made.colorText, ground), `text on ${ground}`).toBeGreaterThanOrEqual(LEAST);
    }
    expect(contrast(made.colorTextLightSolid, made.colorPrimary)).toBeGreaterThanOrEqual(LEAST);
  });
});
