/// <reference lib="dom" />
/**
 * Colours, marks, dashes and letters that all charts share.
 *
 * @module
 */
import type { PointStyle } from "chart.js";
import type { Mark, Theme } from "../../model/appearance.ts";

export interface Ink {
  text: string;
  muted: string;
  rule: string;
  paper: string;
}

export const INK: Record<Theme, Ink> = {
  light: { text: "#1b2024", muted: "#555e66", rule: "#e4e6e8", paper: "#ffffff" },
  dark: { text: "#e8eaec", muted: "#a4adb5", rule: "#2a3036", paper: "#171b1f" },
};

export interface DrawOptions {
  theme: Theme;
  /** Draws logarithmic figure axes linear, from zero. */
  linear: boolean;
  /** Draws spreads as violins. */
  violin: boolean;
  /** Key of the line to bring forward, the others being set back. */
  raised?: string;
}

export const POINTS: Record<
  Mark,
  { style: PointStyle; turned?: boolean; open?: boolean; stroked?: boolean }
> = {
  circle: { style: "circle" },
  square: { style: "rect" },
  triangle: { style: "triangle" },
  diamond: { style: "rectRot" },
  down: { style: "triangle", turned: true },
  plus: { style: "cross", stroked: true },
  cross: { style: "crossRot", stroked: true },
  star: { style: "star", stroked: true },
  "open-circle": { style: "circle", open: true },
  "open-square": { style: "rect", open: true },
  "open-triangle": { style: "triangle", open: true },
  "open-diamond": { style: "rectRot", open: true },
};

/** Dashes tell the waiting strategies of one facility apart. */
const DASHES = [[], [6, 3], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2, 1, 2], [1, 2], [8, 2, 2, 2]];

const WAITS = [
  "spin",
  "futex",
  "eventfd",
  "posix-unnamed-semaphore",
  "sysv-semaphore",
  "condition-variable",
  "spin-then-futex",
];

export function dashOf(wait: string | undefined): number[] {
  if (wait === undefined) return [];
  const index = WAITS.indexOf(wait);
  return DASHES[(index < 0 ? WAITS.length : index) % DASHES.length]!;
}

export const FONT =
  `system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", sans-serif`;

/** Charts narrower than this, in CSS pixels, get smaller text and fewer marks. */
export const NARROW = 480;

/** How a hover looks. */
export function tooltip(ink: Ink, theme: Theme) {
  return {
    backgroundColor: theme === "light" ? "#1b2024" : "#e8eaec",
    titleColor: theme === "light" ? "#ffffff" : ink.paper,
    bodyColor: theme === "light" ? "#ffffff" : ink.paper,
    titleFont: { family: FONT, size: 13 },
    bodyFont: { family: FONT, size: 12 },
    padding: 10,
    cornerRadius: 4,
    displayColors: false,
  };
}

export function withAlpha(colour: string, alpha: number): string {
  return colour + Math.round(alpha * 255).toString(16).padStart(2, "0");
}
