/// <reference lib="dom" />
/**
 * Draws how figures spread: as box plots, or as violins with the box inside.
 *
 * @module
 */
import type { Chart, ChartConfiguration, Plugin, TooltipItem } from "chart.js";
import { colourOf, lookOf } from "../../model/appearance.ts";
import type { BoxChart } from "../../model/charts.ts";
import { quantity, type Unit } from "../../model/format.ts";
import { axisOptions } from "./axes.ts";
import {
  type DrawOptions,
  FONT,
  INK,
  type Ink,
  NARROW,
  POINTS,
  tooltip,
  withAlpha,
} from "./look.ts";

/** Room that the names of the series take, in CSS pixels. */
const LABELS = 220;

export function spread(model: BoxChart, options: DrawOptions, width: number): ChartConfiguration {
  const narrow = width < NARROW;
  const ink = INK[options.theme];
  const values = model.items.flatMap((item) => item.values);
  const looks = model.items.map((item) => lookOf(item.facility));
  const colours = looks.map((look) => colourOf(look, options.theme));
  const marks = looks.map((look) => POINTS[look.mark]);
  return {
    type: options.violin ? "violin" : "boxplot",
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
        points: 60,
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
        x: axisOptions(model.x, values, ink, options.linear, width - LABELS),
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
    plugins: options.violin ? [innerBoxes(colours, ink)] : [],
  } as unknown as ChartConfiguration;
}

/** The middle half and the median inside of each violin. */
function innerBoxes(colours: readonly string[], ink: Ink): Plugin {
  return {
    id: "inner-boxes",
    afterDatasetsDraw(chart: Chart) {
      const { ctx } = chart;
      ctx.save();
      chart.getDatasetMeta(0).data.forEach((element, index) => {
        const { y, q1, q3, median } = element.getProps(["y", "q1", "q3", "median"], true) as Record<
          "y" | "q1" | "q3" | "median",
          number
        >;
        ctx.fillStyle = colours[index]!;
        ctx.fillRect(Math.min(q1, q3), y - 3, Math.max(1, Math.abs(q3 - q1)), 6);
        ctx.fillStyle = ink.paper;
        ctx.strokeStyle = ink.text;
        ctx.lineWidth = 1.5;
        ctx.beginPath();
        ctx.arc(median, y, 4, 0, 2 * Math.PI);
        ctx.fill();
        ctx.stroke();
      });
      ctx.restore();
    },
  };
}
