/// <reference lib="dom" />
/**
 * Draws heat maps, each field with its figure.
 *
 * @module
 */
import type { Chart, ChartConfiguration, TooltipItem } from "chart.js";
import type { MatrixElement } from "chartjs-chart-matrix";
import type { Theme } from "../../model/appearance.ts";
import type { HeatChart } from "../../model/charts.ts";
import { type DrawOptions, FONT, INK, NARROW, tooltip } from "./look.ts";

const HEAT: Record<Theme, readonly [string, string]> = {
  light: ["#e8f1fa", "#0c4a86"],
  dark: ["#1c3147", "#a6d2ff"],
};

function mix(from: string, to: string, share: number): string {
  const part = (colour: string, index: number) =>
    parseInt(colour.slice(1 + 2 * index, 3 + 2 * index), 16);
  return "#" +
    [0, 1, 2].map((index) =>
      Math.round(part(from, index) + (part(to, index) - part(from, index)) * share)
        .toString(16).padStart(2, "0")
    ).join("");
}

function luminance(colour: string): number {
  const linear = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
}

/** A label in lines of at most some sixteen characters, broken at its hyphens and spaces. */
function folded(label: string): string[] {
  const lines: string[] = [];
  for (const part of label.split(/(?<=[- ])/)) {
    const last = lines.at(-1);
    if (last !== undefined && (last + part).trimEnd().length <= 16) {
      lines[lines.length - 1] = last + part;
    } else lines.push(part);
  }
  return lines;
}

export function heat(model: HeatChart, options: DrawOptions, width: number): ChartConfiguration {
  const narrow = width < NARROW;
  const ink = INK[options.theme];
  const values = model.cells.map((cell) => Math.log(cell.value));
  const least = Math.min(...values);
  const most = Math.max(...values);
  const [from, to] = HEAT[options.theme];
  const shade = (value: number) => {
    const share = most > least ? (Math.log(value) - least) / (most - least) : 0;
    return mix(from, to, model.better === "lower" ? share : 1 - share);
  };
  const axis = (labels: string[], title: string) => ({
    type: "category" as const,
    labels,
    offset: true,
    title: {
      display: !narrow,
      text: title,
      color: ink.muted,
      font: { size: 12, weight: 600 as const, family: FONT },
    },
    grid: { display: false },
    border: { display: false },
    ticks: {
      color: ink.text,
      autoSkip: false,
      maxRotation: narrow ? 60 : 0,
      font: { size: narrow ? 10 : 12, family: FONT },
      callback: (_value: number | string, index: number) => folded(labels[index] ?? ""),
    },
  });
  return {
    type: "matrix",
    data: {
      datasets: [{
        data: model.cells.map((cell) => ({
          x: model.columns[cell.column],
          y: model.rows[cell.row],
          cell,
        })),
        backgroundColor: model.cells.map((cell) => shade(cell.value)),
        borderWidth: 0,
        borderRadius: 3,
        width: ({ chart }: { chart: Chart }) =>
          Math.max(4, (chart.chartArea?.width ?? 100) / model.columns.length - 3),
        height: ({ chart }: { chart: Chart }) =>
          Math.max(4, (chart.chartArea?.height ?? 100) / model.rows.length - 3),
      }],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: {
        x: axis(model.columns, model.columnsTitle),
        y: { ...axis(model.rows, model.rowsTitle), reverse: false },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          ...tooltip(ink, options.theme),
          callbacks: {
            title: (items: TooltipItem<"matrix">[]) => {
              const raw = items[0]?.raw as { x: string; y: string } | undefined;
              return raw ? `${raw.y}, ${raw.x}` : "";
            },
            label: (item: TooltipItem<"matrix">) =>
              (item.raw as { cell: { notes: string[] } }).cell.notes,
          },
        },
      },
    },
    plugins: [{
      id: "cell-text",
      afterDatasetsDraw(chart: Chart) {
        const { ctx } = chart;
        ctx.save();
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        chart.getDatasetMeta(0).data.forEach((element, index) => {
          const cell = model.cells[index]!;
          const box = element as unknown as MatrixElement;
          ctx.font = `${narrow ? 10 : 12}px ${FONT}`;
          if (ctx.measureText(cell.text).width > box.getProps(["width"], true).width - 4) return;
          const paper = luminance(shade(cell.value)) + 0.05;
          // Whichever of black and white stands out more.
          ctx.fillStyle = paper * paper > 0.05 * 1.05 ? "#0b0f13" : "#ffffff";
          const middle = box.getCenterPoint(true);
          ctx.fillText(cell.text, middle.x, middle.y);
        });
        ctx.restore();
      },
    }],
  } as unknown as ChartConfiguration;
}
