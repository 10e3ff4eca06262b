import { stripVTControlCharacters } from "node:util";

type Paint = (text: string) => string;

let enabled = !Deno.noColor;

/** Turns colours on or off, except that NO_COLOR keeps them off. */
export function setColorEnabled(value: boolean): void {
  if (!Deno.noColor) enabled = value;
}

/** Whether colours are written. */
export function getColorEnabled(): boolean {
  return enabled;
}

/** The text without terminal control sequences. */
export function stripAnsiCode(text: string): string {
  return stripVTControlCharacters(text);
}

/** Wraps a text in SGR codes (ECMA-48); an inner text that closes the same code opens it again. */
function paint(open: string | number, close: number): Paint {
  const [before, after] = [`\x1b[${open}m`, `\x1b[${close}m`];
  return (text) => enabled ? before + text.replaceAll(after, before) + after : text;
}

export const reset: Paint = paint(0, 0);
export const bold: Paint = paint(1, 22);
export const dim: Paint = paint(2, 22);
export const italic: Paint = paint(3, 23);
export const underline: Paint = paint(4, 24);
export const inverse: Paint = paint(7, 27);
export const hidden: Paint = paint(8, 28);
export const strikethrough: Paint = paint(9, 29);

export const black: Paint = paint(30, 39);
export const red: Paint = paint(31, 39);
export const green: Paint = paint(32, 39);
export const yellow: Paint = paint(33, 39);
export const blue: Paint = paint(34, 39);
export const magenta: Paint = paint(35, 39);
export const cyan: Paint = paint(36, 39);
export const white: Paint = paint(37, 39);
export const gray: Paint = paint(90, 39);
export const brightBlack: Paint = paint(90, 39);
export const brightRed: Paint = paint(91, 39);
export const brightGreen: Paint = paint(92, 39);
export const brightYellow: Paint = paint(93, 39);
export const brightBlue: Paint = paint(94, 39);
export const brightMagenta: Paint = paint(95, 39);
export const brightCyan: Paint = paint(96, 39);
export const brightWhite: Paint = paint(97, 39);

export const bgBlack: Paint = paint(40, 49);
export const bgRed: Paint = paint(41, 49);
export const bgGreen: Paint = paint(42, 49);
export const bgYellow: Paint = paint(43, 49);
export const bgBlue: Paint = paint(44, 49);
export const bgMagenta: Paint = paint(45, 49);
export const bgCyan: Paint = paint(46, 49);
export const bgWhite: Paint = paint(47, 49);
export const bgBrightBlack: Paint = paint(100, 49);
export const bgBrightRed: Paint = paint(101, 49);
export const bgBrightGreen: Paint = paint(102, 49);
export const bgBrightYellow: Paint = paint(103, 49);
export const bgBrightBlue: Paint = paint(104, 49);
export const bgBrightMagenta: Paint = paint(105, 49);
export const bgBrightCyan: Paint = paint(106, 49);
export const bgBrightWhite: Paint = paint(107, 49);

/** The text in one of the 256 palette colours. */
export function rgb8(text: string, color: number): string {
  return paint(`38;5;${clamp(color)}`, 39)(text);
}

/** The text on one of the 256 palette colours. */
export function bgRgb8(text: string, color: number): string {
  return paint(`48;5;${clamp(color)}`, 49)(text);
}

/** Red, green and blue from 0 to 255 each. */
export interface Rgb {
  r: number;
  g: number;
  b: number;
}

/** The text in a 24-bit colour, `0xRRGGBB` or its parts. */
export function rgb24(text: string, color: number | Rgb): string {
  return paint(`38;2;${channels(color)}`, 39)(text);
}

/** The text on a 24-bit colour, `0xRRGGBB` or its parts. */
export function bgRgb24(text: string, color: number | Rgb): string {
  return paint(`48;2;${channels(color)}`, 49)(text);
}

function clamp(value: number): number {
  return Math.trunc(Math.max(0, Math.min(255, value)));
}

function channels(color: number | Rgb): string {
  const { r, g, b } = typeof color === "number"
    ? { r: color >> 16 & 0xff, g: color >> 8 & 0xff, b: color & 0xff }
    : color;
  return [r, g, b].map(clamp).join(";");
}
