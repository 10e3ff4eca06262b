/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Draws a chart model with Chart.js.
 *
 * @module
 */
import {
  CategoryScale,
  Chart,
  type ChartConfiguration,
  LinearScale,
  LineElement,
  LogarithmicScale,
  type Plugin,
  type PointStyle,
  Tooltip,
  type TooltipItem,
} from "chart.js";
import { BoxAndWiskers, BoxPlotController } from "@sgratzl/chartjs-chart-boxplot";
import { PointWithErrorBar, ScatterWithErrorBarsController } from "chartjs-chart-error-bars";
import { MatrixController, MatrixElement } from "chartjs-chart-matrix";
import { colourOf, lookOf, type Mark, type Theme } from "../model/appearance.ts";
import {
  type Axis,
  type BoxChart,
  type ChartModel,
  type CurveChart,
  type HeatChart,
  shareWords,
} from "../model/charts.ts";
import { bytes, digits, quantity, type Unit } from "../model/format.ts";

Chart.register(
  BoxAndWiskers,
  BoxPlotController,
  CategoryScale,
  LinearScale,
  LineElement,
  LogarithmicScale,
  MatrixController,
  MatrixElement,
  PointWithErrorBar,
  ScatterWithErrorBarsController,
  Tooltip,
);

interface Ink {
  text: string;
  muted: string;
  rule: string;
  paper: string;
}

export const INK: Record<Theme, Ink> = {
  light: { text: "#1b2024", muted: "#555e66", rule: "#e4e6e8", paper: "#ffffff" },
  dark: { text: "#e8eaec", muted: "#a4adb5", rule: "#2a3036", paper: "#171b1f" },
};

const POINTS: Record<
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

function dashOf(wait: string | undefined): number[] {
  if (wait === undefined) return [];
  const index = WAITS.indexOf(wait);
  return DASHES[(index < 0 ? WAITS.length : index) % DASHES.length]!;
}

export const FONT =
  `system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", sans-serif`;

/** Charts narrower than this, in CSS pixels, get smaller text and fewer marks. */
const NARROW = 480;

/** The options of one axis, its scale logarithmic or linear from zero. */
function axisOptions(axis: Axis, values: number[], ink: Ink, linear: boolean, width: number) {
  const narrow = width < NARROW;
  const positive = values.filter((value) => value > 0);
  const least = Math.min(...positive);
  const most = Math.max(...positive);
  const common = {
    title: {
      display: true,
      text: axis.label + (linear && axis.scale === "log" ? " (linear, from 0)" : ""),
      color: ink.muted,
      font: { size: 12, weight: 600 as const, family: FONT },
    },
    grid: { color: ink.rule, drawTicks: false },
    border: { display: false },
  };
  const ticks = {
    color: ink.muted,
    padding: 6,
    maxRotation: 0,
    font: { size: 12, family: FONT },
  };
  if (axis.scale === "nines") {
    const last = Math.ceil(most * 10) / 10;
    return {
      ...common,
      type: "linear" as const,
      min: -Math.log10(0.5) * 0.8,
      max: last,
      afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
        const marks = [-Math.log10(0.5)];
        for (let nines = 1; nines <= last; nines++) marks.push(nines);
        scale.ticks = marks.map((value) => ({ value }));
      },
      ticks: {
        ...ticks,
        autoSkip: false,
        callback: (value: number | string) => shareWords(1 - 10 ** -Number(value)),
      },
    };
  }
  if (axis.scale === "time") {
    const span = Math.max(most - least, 60_000);
    return {
      ...common,
      type: "linear" as const,
      min: least - span * 0.02,
      max: most + span * 0.02,
      afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
        scale.ticks = timeTicks(least, most, narrow ? 3 : 8).map((value) => ({ value }));
      },
      ticks: {
        ...ticks,
        autoSkip: false,
        callback: (value: number | string) => {
          const iso = new Date(+value).toISOString();
          return span > 4 * 86_400_000 ? iso.slice(0, 10) : iso.slice(5, 16).replace("T", " ");
        },
      },
    };
  }
  if (axis.at) {
    const every = Math.ceil(axis.at.length * 62 / Math.max(width - 90, 120));
    const marks = axis.at.filter((_, index, all) => (all.length - 1 - index) % every === 0);
    return {
      ...common,
      type: "logarithmic" as const,
      min: least / 1.3,
      max: most * 1.3,
      afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
        scale.ticks = marks.map((value) => ({ value }));
      },
      ticks: {
        ...ticks,
        autoSkip: false,
        callback: (value: number | string) => figureOn(axis, +value),
      },
    };
  }
  const unit = axis.unit as Unit;
  if (linear) {
    return {
      ...common,
      type: "linear" as const,
      min: 0,
      suggestedMax: most * 1.05,
      ticks: { ...ticks, callback: (value: number | string) => tick(+value, unit) },
    };
  }
  const [from, to] = [least / 1.15, most * 1.15];
  return {
    ...common,
    type: "logarithmic" as const,
    min: from,
    max: to,
    afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
      scale.ticks = logTicks(from, to, narrow ? 5 : 8).map((value) => ({ value }));
    },
    ticks: { ...ticks, autoSkip: false, callback: (value: number | string) => tick(+value, unit) },
  };
}

/** A value on an axis, with its unit. */
function figureOn({ unit }: Axis, value: number): string {
  if (unit === "size") return bytes(value);
  if (unit === "number" || unit === "share" || unit === "time") return digits(value);
  return tick(value, unit);
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Moments between two others that fall on whole minutes, hours or days, no more than `most`. */
function timeTicks(from: number, to: number, most: number): number[] {
  const steps = [1 / 60, 1 / 6, 1, 3, 6, 12].map((hours) => hours * HOUR)
    .concat([1, 2, 7, 14, 30, 91, 182, 365, 730, 1_825].map((days) => days * DAY));
  const step = steps.find((step) => (to - from) / step <= most - 1) ?? steps.at(-1)!;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** A tick's figure without the zeros that say nothing: `10 µs`, `2.5 µs`. */
function tick(value: number, unit: Unit): string {
  return quantity(value, unit).replace(/(\.\d*?)0+(?=\u00a0)/, "$1").replace(/\.(?=\u00a0)/, "");
}

/** Round values between two bounds of a logarithmic axis, the finest steps that stay within `most`. */
export function logTicks(from: number, to: number, most: number): number[] {
  const first = Math.floor(Math.log10(from));
  const last = Math.ceil(Math.log10(to));
  const steps = [
    [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 5, 7],
    [1, 2, 5],
    [1, 3],
    [1],
  ];
  for (const step of steps) {
    const values: number[] = [];
    for (let decade = first; decade <= last; decade++) {
      for (const lead of step) values.push(Number((lead * 10 ** decade).toPrecision(3)));
    }
    const inside = values.filter((value) => value >= from && value <= to);
    if (inside.length > most) continue;
    if (inside.length >= 3) return inside;
    break;
  }
  const decades = Math.log10(to / from);
  if (decades > 1) {
    const every = Math.ceil(decades / most);
    const values: number[] = [];
    for (let decade = first; decade <= last; decade += every) values.push(10 ** decade);
    return values.filter((value) => value >= from && value <= to);
  }
  const raw = (to - from) / 4;
  const size = 10 ** Math.floor(Math.log10(raw));
  const width = [1, 2, 2.5, 5, 10].map((lead) => lead * size).find((width) => width >= raw)!;
  const values: number[] = [];
  for (let index = Math.ceil(from / width); index * width <= to; index++) {
    values.push(Number((index * width).toPrecision(6)));
  }
  return values;
}

function tooltip(ink: Ink, theme: Theme) {
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

export interface DrawOptions {
  theme: Theme;
  /** Draws logarithmic figure axes linear, from zero. */
  linear: boolean;
  /** Key of the line to bring forward, the others being set back. */
  raised?: string;
}

function withAlpha(colour: string, alpha: number): string {
  return colour + Math.round(alpha * 255).toString(16).padStart(2, "0");
}

function curve(model: CurveChart, options: DrawOptions, width: number): ChartConfiguration {
  const ink = INK[options.theme];
  const lines = model.lines.filter((line) => line.shown);
  const points = lines.flatMap((line) => line.points);
  const xs = points.flatMap((point) => [point.x, ...(point.xRange ?? [])]);
  const ys = points.flatMap((point) => [point.y, ...(point.yRange ?? [])]);
  return {
    type: "scatterWithErrorBars",
    data: {
      datasets: lines.map((line) => {
        const look = lookOf(line.facility);
        const set = options.raised !== undefined
          ? options.raised !== line.key
          : model.focus !== undefined && model.focus !== line.facility;
        const colour = withAlpha(colourOf(look, options.theme), set ? 0.2 : 1);
        const point = POINTS[look.mark];
        return {
          label: line.label,
          data: line.points.map((point) => ({
            x: point.x,
            y: point.y,
            ...(point.yRange ? { yMin: point.yRange[0], yMax: point.yRange[1] } : {}),
            ...(point.xRange ? { xMin: point.xRange[0], xMax: point.xRange[1] } : {}),
            notes: point.notes,
            ring: point.ring,
          })),
          showLine: model.joined,
          borderColor: colour,
          backgroundColor: point.open ? ink.paper : colour,
          // The element's own name is the prefix: the line has options of the same names.
          pointWithErrorBarBorderColor: colour,
          pointWithErrorBarBackgroundColor: point.open ? ink.paper : colour,
          borderWidth: 2,
          borderDash: dashOf(line.wait),
          pointWithErrorBarBorderWidth: point.open || point.stroked ? 2 : 1,
          pointStyle: point.style,
          pointWithErrorBarRotation: point.turned ? 180 : 0,
          pointWithErrorBarRadius: (model.joined ? 4.5 : 6.5) * (point.stroked ? 1.25 : 1),
          pointWithErrorBarHoverRadius: model.joined ? 7 : 9,
          errorBarColor: colour,
          errorBarWhiskerColor: colour,
          errorBarLineWidth: 1.5,
          errorBarWhiskerLineWidth: 1.5,
          errorBarWhiskerSize: 7,
          order: set ? 1 : 0,
        };
      }),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      layout: { padding: { right: 10, top: 6 } },
      interaction: { mode: "nearest", intersect: true },
      scales: {
        x: axisOptions(model.x, xs, ink, options.linear, width),
        y: axisOptions(model.y, ys, ink, options.linear, width),
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          ...tooltip(ink, options.theme),
          callbacks: {
            title: (items: TooltipItem<"scatterWithErrorBars">[]) => {
              const item = items[0];
              if (!item) return "";
              const at = model.x.at ? `, ${figureOn(model.x, item.parsed.x as number)}` : "";
              return `${item.dataset.label ?? ""}${at}`;
            },
            label: (item: TooltipItem<"scatterWithErrorBars">) =>
              (item.raw as { notes: string[] }).notes,
          },
        },
      },
    },
    plugins: [turnMarks(model, ink), rings(ink)],
  } as unknown as ChartConfiguration;
}

/** Dashed vertical lines where something but the figures changed. */
function turnMarks(model: CurveChart, ink: Ink): Plugin {
  return {
    id: "turns",
    beforeDatasetsDraw({ ctx, chartArea: { top, bottom }, scales: { x } }) {
      ctx.save();
      ctx.strokeStyle = ink.muted;
      ctx.setLineDash([4, 4]);
      for (const turn of model.turns ?? []) {
        const at = x!.getPixelForValue(turn.x);
        ctx.beginPath();
        ctx.moveTo(at, top);
        ctx.lineTo(at, bottom);
        ctx.stroke();
      }
      ctx.restore();
    },
    afterDatasetsDraw({ ctx, chartArea: { top, left, right }, scales: { x } }) {
      ctx.save();
      ctx.font = `11px ${FONT}`;
      ctx.textBaseline = "top";
      model.turns?.forEach((turn, index) => {
        const at = x!.getPixelForValue(turn.x);
        const width = ctx.measureText(turn.words).width;
        const start = Math.max(left, at + 4 + width > right ? at - 4 - width : at + 4);
        const y = top + (index % 3) * 15;
        ctx.fillStyle = ink.paper;
        ctx.fillRect(start - 2, y, width + 4, 14);
        ctx.fillStyle = ink.muted;
        ctx.fillText(turn.words, start, y + 1);
      });
      ctx.restore();
    },
  };
}

/** Rings around the points that say so. */
function rings(ink: Ink): Plugin {
  return {
    id: "rings",
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.strokeStyle = ink.text;
      ctx.lineWidth = 1.5;
      chart.data.datasets.forEach((dataset, index) => {
        const points = dataset.data as unknown as { ring?: boolean }[];
        chart.getDatasetMeta(index).data.forEach((element, at) => {
          if (!points[at]?.ring) return;
          ctx.beginPath();
          ctx.arc(element.x, element.y, 10, 0, 2 * Math.PI);
          ctx.stroke();
        });
      });
      ctx.restore();
    },
  };
}

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

function heat(model: HeatChart, options: DrawOptions, width: number): ChartConfiguration {
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

function boxes(model: BoxChart, options: DrawOptions, width: number): ChartConfiguration {
  const narrow = width < NARROW;
  const ink = INK[options.theme];
  const values = model.items.flatMap((item) => item.values);
  const looks = model.items.map((item) => lookOf(item.facility));
  const colours = looks.map((look) => colourOf(look, options.theme));
  const marks = looks.map((look) => POINTS[look.mark]);
  return {
    type: "boxplot",
    data: {
      labels: model.items.map((item) => item.label),
      datasets: [{
        label: model.title,
        data: model.items.map((item) => item.values),
        barPercentage: 0.7,
        categoryPercentage: 0.9,
        backgroundColor: colours.map((colour) => withAlpha(colour, 0.22)),
        borderColor: colours,
        borderWidth: 1.5,
        medianColor: colours,
        meanRadius: 0,
        itemRadius: 2.5,
        itemStyle: marks.map((mark) => mark.style),
        itemBackgroundColor: colours.map((colour) => withAlpha(colour, 0.75)),
        itemBorderColor: colours,
        outlierRadius: 4,
        outlierStyle: marks.map((mark) => mark.style),
        outlierBackgroundColor: colours.map((colour, at) => marks[at]!.open ? ink.paper : colour),
        outlierBorderColor: colours,
      }],
    },
    options: {
      indexAxis: "y",
      animation: false,
      maintainAspectRatio: false,
      layout: { padding: { right: 10 } },
      scales: {
        x: axisOptions(model.x, values, ink, options.linear, width),
        y: {
          type: "category",
          grid: { display: false },
          border: { display: false },
          ticks: {
            color: ink.text,
            autoSkip: false,
            font: { size: narrow ? 10 : 12, family: FONT },
          },
        },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          ...tooltip(ink, options.theme),
          callbacks: {
            label: (item: TooltipItem<"boxplot">) => {
              const sorted = [...model.items[item.dataIndex]!.values].sort((a, b) => a - b);
              const unit = model.x.unit as Unit;
              return [
                `${sorted.length} trials`,
                `least ${quantity(sorted[0]!, unit)}`,
                `most ${quantity(sorted.at(-1)!, unit)}`,
              ];
            },
          },
        },
      },
    },
  } as unknown as ChartConfiguration;
}

/** The height a chart needs, in CSS pixels; undefined for the usual one. */
export function heightOf(model: ChartModel): number | undefined {
  if (model.kind === "box") return 70 + model.items.length * 30;
  if (model.kind === "heat") return 110 + model.rows.length * 42;
  return undefined;
}

/** Draws `model` on `canvas`; the caller destroys the chart it is given. */
export function draw(canvas: HTMLCanvasElement, model: ChartModel, options: DrawOptions): Chart {
  const width = canvas.parentElement!.clientWidth;
  const config = model.kind === "curve"
    ? curve(model, options, width)
    : model.kind === "heat"
    ? heat(model, options, width)
    : boxes(model, options, width);
  // The union of all registered chart types is more than the checker can spell out.
  return new (Chart as unknown as new (on: HTMLCanvasElement, config: unknown) => Chart)(
    canvas,
    config,
  );
}
