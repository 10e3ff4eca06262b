/// <reference lib="dom" />
/**
 * Draws a chart model with Chart.js.
 *
 * @module
 */
import {
  CategoryScale,
  Chart,
  LinearScale,
  LineElement,
  LogarithmicScale,
  Tooltip,
} from "chart.js";
import {
  BoxAndWiskers,
  BoxPlotController,
  Violin,
  ViolinController,
} from "@sgratzl/chartjs-chart-boxplot";
import { PointWithErrorBar, ScatterWithErrorBarsController } from "chartjs-chart-error-bars";
import { MatrixController, MatrixElement } from "chartjs-chart-matrix";
import type { ChartModel } from "../model/charts.ts";
import { curve } from "./draw/curve.ts";
import { heat } from "./draw/heat.ts";
import type { DrawOptions } from "./draw/look.ts";
import { spread } from "./draw/spread.ts";

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
  Violin,
  ViolinController,
);

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
    : spread(model, options, width);
  // The union of all registered chart types is more than the checker can spell out.
  return new (Chart as unknown as new (on: HTMLCanvasElement, config: unknown) => Chart)(
    canvas,
    config,
  );
}
