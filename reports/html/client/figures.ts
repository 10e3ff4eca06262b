/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The charts of a page: drawn when they come into view, drawn anew when what they show changes.
 *
 * @module
 */
import type { Chart } from "chart.js";
import type { Theme } from "../model/appearance.ts";
import type { ChartModel } from "../model/charts.ts";
import type { Choices } from "../model/choices.ts";
import { draw, heightOf } from "./draw.ts";
import { themeNow } from "./theme.ts";

export interface Drawn {
  element: HTMLElement;
  canvas: HTMLCanvasElement;
  model: ChartModel;
  linear: boolean;
  violin: boolean;
  chart?: Chart;
}

const figures = new Map<HTMLElement, Drawn>();

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    const figure = figures.get(target as HTMLElement);
    if (isIntersecting && figure && !figure.chart) drawFigure(figure);
  }
}, { rootMargin: "300px" });

function drawFigure(figure: Drawn, theme: Theme = themeNow(), raised?: string): void {
  figure.chart?.destroy();
  const { canvas, model, linear, violin } = figure;
  figure.chart = draw(canvas, model, { theme, linear, violin, raised });
  figure.element.dataset.drawn = theme;
}

/** Binds the figures inside `root` to their models; those that were drawn are drawn anew. */
export function bindFigures(root: ParentNode, models: readonly ChartModel[], choices: Choices) {
  const byId = new Map(models.map((model) => [model.id, model]));
  for (const element of root.querySelectorAll<HTMLElement>("figure[data-chart]")) {
    const model = byId.get(element.dataset.chart!);
    if (!model) continue;
    const canvas = element.querySelector("canvas")!;
    const before = figures.get(element);
    const figure: Drawn = {
      element,
      canvas,
      model,
      linear: choices.linear.has(model.topic),
      violin: choices.violin,
      chart: before?.chart,
    };
    figures.set(element, figure);
    canvas.parentElement!.style.height = `${heightOf(model) ?? 380}px`;
    if (figure.chart) drawFigure(figure);
    else seen.observe(element);
  }
}

/** Forgets figures that are no longer on the page. */
export function dropFigures(): void {
  for (const [element, figure] of figures) {
    if (element.isConnected) continue;
    figure.chart?.destroy();
    seen.unobserve(element);
    figures.delete(element);
  }
}

/** Draws anew what was drawn, as after a change of colours. */
export function redrawFigures(): void {
  for (const figure of figures.values()) if (figure.chart) drawFigure(figure);
}

/** Draws everything, seen or not. */
export function drawAllFigures(theme: Theme = themeNow()): void {
  for (const figure of figures.values()) drawFigure(figure, theme);
}

/** Brings one line of a figure forward, or none. */
export function raiseLine(element: HTMLElement, key?: string): void {
  const figure = figures.get(element);
  if (!figure?.chart || figure.model.kind !== "curve") return;
  if (key !== undefined && !figure.model.lines.some((line) => line.key === key && line.shown)) {
    return;
  }
  drawFigure(figure, themeNow(), key);
}

export function figureOf(inside: Element): Drawn | undefined {
  const element = inside.closest<HTMLElement>("figure[data-chart]");
  return element ? figures.get(element) : undefined;
}
