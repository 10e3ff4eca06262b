/// <reference lib="dom" />
/**
 * Hands files to the reader: a chart as PNG, its figures as CSV, the run document.
 *
 * @module
 */
import { colourOf, lookOf, MARK_PATHS, type Theme } from "../model/appearance.ts";
import type { ChartModel } from "../model/charts.ts";
import { FONT, INK } from "./draw/look.ts";

export function save(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // Browsers read the blob after the click has returned.
  setTimeout(() => URL.revokeObjectURL(link.href), 30_000);
}

export function saveText(name: string, type: string, text: string): void {
  save(name, new Blob([text], { type }));
}

/** Breaks a text into lines no wider than `width`. */
function wrapped(ink: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && ink.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

/** The chart with its title, legend and origin, so that the picture says what it shows on its own. */
export function savePicture(
  canvas: HTMLCanvasElement,
  model: ChartModel,
  theme: Theme,
  origin: string,
): void {
  const scale = canvas.width / canvas.clientWidth;
  const width = canvas.clientWidth + 48;
  const picture = document.createElement("canvas");
  const pen = picture.getContext("2d")!;
  const small = `12px ${FONT}`;
  pen.font = small;
  const lines = model.kind === "curve" ? model.lines.filter((line) => line.shown) : [];
  const spots: { x: number; y: number }[] = [];
  let x = 0;
  let y = 0;
  for (const line of lines) {
    const wide = pen.measureText(line.label).width + 42;
    if (x > 0 && x + wide > width - 48) {
      x = 0;
      y += 20;
    }
    spots.push({ x, y });
    x += wide;
  }
  const legendHeight = lines.length ? y + 28 : 0;
  const summary = wrapped(pen, `${model.context}. ${model.summary}`, width - 48);
  const top = 52 + summary.length * 16;
  const height = top + canvas.clientHeight + legendHeight + 36;
  picture.width = Math.round(width * scale);
  picture.height = Math.round(height * scale);
  pen.scale(scale, scale);
  const ink = INK[theme];
  pen.fillStyle = ink.paper;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = ink.text;
  pen.font = `600 16px ${FONT}`;
  pen.fillText(model.title, 24, 32);
  pen.font = small;
  pen.fillStyle = ink.muted;
  summary.forEach((text, index) => pen.fillText(text, 24, 52 + index * 16));
  pen.drawImage(canvas, 24, top, canvas.clientWidth, canvas.clientHeight);
  lines.forEach((line, index) => {
    const look = lookOf(line.facility);
    const { d, filled } = MARK_PATHS[look.mark];
    pen.save();
    pen.translate(24 + spots[index]!.x, top + canvas.clientHeight + 8 + spots[index]!.y);
    pen.fillStyle = pen.strokeStyle = colourOf(look, theme);
    pen.lineWidth = 2;
    if (filled) pen.fill(new Path2D(d));
    else pen.stroke(new Path2D(d));
    pen.fillStyle = ink.text;
    pen.fillText(line.label, 22, 12);
    pen.restore();
  });
  pen.fillStyle = ink.muted;
  pen.fillText(origin, 24, height - 14);
  picture.toBlob((blob) => blob && save(`${model.id}.png`, blob), "image/png");
}
