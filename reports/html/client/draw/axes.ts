/// <reference lib="dom" />
/**
 * The axes of a chart: logarithmic, linear from zero, of nines, or of time.
 *
 * @module
 */
import type { Axis } from "../../model/charts.ts";
import { shareWords } from "../../model/charts.ts";
import { bytes, digits, quantity, type Unit } from "../../model/format.ts";
import { FONT, type Ink, NARROW } from "./look.ts";

/** The options of one axis, its scale logarithmic or linear from zero. */
export function axisOptions(
  axis: Axis,
  values: number[],
  ink: Ink,
  linear: boolean,
  width: number,
) {
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
      scale.ticks = logTicks(from, to, width < 250 ? 3 : narrow ? 5 : 8).map((value) => ({
        value,
      }));
    },
    ticks: { ...ticks, autoSkip: false, callback: (value: number | string) => tick(+value, unit) },
  };
}

/** A value on an axis, with its unit. */
export function figureOn({ unit }: Axis, value: number): string {
  if (unit === "size") return bytes(value);
  if (unit === "number" && Number.isInteger(value)) return String(value);
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
