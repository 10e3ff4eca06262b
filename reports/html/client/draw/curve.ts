/// <reference lib="dom" />
/**
 * Draws curves and scatters with their intervals.
 *
 * @module
 */
import type { ChartConfiguration, Plugin, TooltipItem } from "chart.js";
import { colourOf, lookOf } from "../../model/appearance.ts";
import type { CurveChart } from "../../model/charts.ts";
import { axisOptions, figureOn } from "./axes.ts";
import {
  dashOf,
  type DrawOptions,
  FONT,
  INK,
  type Ink,
  POINTS,
  tooltip,
  withAlpha,
} from "./look.ts";

export function curve(model: CurveChart, options: DrawOptions, width: number): ChartConfiguration {
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
    plugins: [turnMarks(model, ink), rings()],
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
function rings(): Plugin {
  return {
    id: "rings",
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.lineWidth = 1.5;
      chart.data.datasets.forEach((dataset, index) => {
        ctx.strokeStyle = dataset.borderColor as string;
        const points = dataset.data as unknown as { ring?: boolean }[];
        chart.getDatasetMeta(index).data.forEach((element, at) => {
          if (!points[at]?.ring) return;
          ctx.beginPath();
          ctx.arc(element.x, element.y, 9, 0, 2 * Math.PI);
          ctx.stroke();
        });
      });
      ctx.restore();
    },
  };
}
