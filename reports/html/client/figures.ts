/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Brings the page's figures to life: drawn when seen, with a legend, switches and downloads.
 *
 * @module
 */
import type { Chart } from "chart.js";
import type { ChartModel } from "../model/charts.ts";
import { lookOf, MARK_PATHS } from "../model/appearance.ts";
import { draw, heightOf } from "./draw.ts";
import { themeNow } from "./theme.ts";

const SVG = "http://www.w3.org/2000/svg";

function markOf(facility: string): SVGElement {
  const look = lookOf(facility);
  const { d, filled } = MARK_PATHS[look.mark];
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `mark hue-${look.family}-${look.shade}`);
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("width", "16");
  svg.setAttribute("height", "16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", d);
  path.setAttribute("fill", filled ? "currentColor" : "none");
  path.setAttribute("stroke", "currentColor");
  path.setAttribute("stroke-width", filled ? "0" : "2");
  path.setAttribute("stroke-linecap", "round");
  svg.append(path);
  return svg;
}

function button(text: string, pressed?: boolean): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (pressed !== undefined) made.setAttribute("aria-pressed", String(pressed));
  return made;
}

export class FigureView {
  #element: HTMLElement;
  #canvas: HTMLCanvasElement;
  #model: ChartModel;
  #chart: Chart | undefined;
  #linear = false;
  #visible: Set<string>;
  #raised: string | undefined;

  constructor(element: HTMLElement, model: ChartModel) {
    this.#element = element;
    this.#canvas = element.querySelector("canvas")!;
    this.#model = model;
    this.#visible = new Set(
      model.kind === "curve"
        ? model.lines.filter((line) => line.shown).map((line) => line.label)
        : [],
    );
    this.#canvas.parentElement!.style.height = `${heightOf(model) ?? 380}px`;
    this.#addScaleSwitch();
    this.#addLegend();
  }

  get drawn(): boolean {
    return this.#chart !== undefined;
  }

  /** Draws the chart, or draws it anew. */
  draw(theme = themeNow()): void {
    this.#chart?.destroy();
    this.#chart = draw(this.#canvas, this.#model, {
      theme,
      linear: this.#linear,
      visible: this.#visible,
      raised: this.#raised,
    });
    this.#element.dataset.drawn = theme;
  }

  #redraw(): void {
    if (this.drawn) this.draw();
  }

  #addScaleSwitch(): void {
    const model = this.#model;
    const axes = model.kind === "curve"
      ? [model.x, model.y]
      : model.kind === "box"
      ? [model.x]
      : [];
    if (!axes.some((axis) => axis.scale === "log" && axis.unit !== "size")) return;
    const log = button("Log", true);
    const linear = button("Linear", false);
    const choose = (on: boolean) => {
      this.#linear = on;
      log.setAttribute("aria-pressed", String(!on));
      linear.setAttribute("aria-pressed", String(on));
      this.#redraw();
    };
    log.addEventListener("click", () => choose(false));
    linear.addEventListener("click", () => choose(true));
    const group = document.createElement("span");
    group.className = "switch";
    group.append(log, linear);
    this.#element.querySelector(".tools")!.append(group);
  }

  #addLegend(): void {
    const model = this.#model;
    if (model.kind !== "curve") return;
    const legend = this.#element.querySelector(".legend")!;
    for (const line of model.lines) {
      const item = button("", this.#visible.has(line.label));
      const name = document.createElement("span");
      name.textContent = line.label;
      item.append(markOf(line.facility), name);
      item.addEventListener("click", () => {
        if (!this.#visible.delete(line.label)) this.#visible.add(line.label);
        item.setAttribute("aria-pressed", String(this.#visible.has(line.label)));
        this.#redraw();
      });
      const raise = (label: string | undefined) => {
        if (!this.#visible.has(line.label) || this.#raised === label) return;
        this.#raised = label;
        this.#redraw();
      };
      item.addEventListener("pointerenter", () => raise(line.label));
      item.addEventListener("pointerleave", () => raise(undefined));
      legend.append(item);
    }
  }
}
