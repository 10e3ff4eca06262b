/**
 * Charts as plain data, with the text summary and the table that say the same.
 *
 * @module
 */
import { lookOf } from "./appearance.ts";
import { count, digits, list, quantity, times, type Unit } from "./format.ts";
import {
  byMerit,
  type Dimension,
  dimensionTitle,
  placementWords,
  type Row,
  type Slice,
  timesWorse,
  titled,
  valueAt,
  valuesAlong,
  valueWords,
} from "./rows.ts";
import { atWords, isHidden, isShown, rowAt, type View } from "./view.ts";

export interface Axis {
  label: string;
  /** `nines`: the values are -log10(1 - share), so that 99 % and 99.9 % stand one apart. */
  scale: "log" | "linear" | "nines" | "time";
  unit: Unit | "size" | "share" | "number" | "time";
  /** The values that are marked, where it is not the axis that chooses. */
  at?: readonly number[];
}

export interface Point {
  x: number;
  y: number;
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  /** Drawn with a ring around it. */
  ring?: boolean;
  /** The words that a hover shows, one line each. */
  notes: string[];
}

export interface Line {
  key: string;
  label: string;
  facility: string;
  wait?: string;
  points: Point[];
  /** False for a series that is drawn only when its reader asks for it. */
  shown: boolean;
  /** True for a series beside its facility's best: the legend folds it away. */
  spare: boolean;
}

interface Common {
  id: string;
  /** Names the kind in the address: `size`, `tail`, ... */
  topic: string;
  title: string;
  /** The workload and slice, in words: with the title it names the chart on its page. */
  context: string;
  /** What is to be seen, in words made from the data. */
  summary: string;
  /** How to read the chart, and what it does not show. */
  reading: string;
  /** Whether it needs the whole width. */
  wide?: boolean;
  table: Table;
}

export interface CurveChart extends Common {
  kind: "curve";
  joined: boolean;
  x: Axis;
  y: Axis;
  lines: Line[];
  /** Facility that is drawn in front of all others. */
  focus?: string;
  /** Vertical marks with their words. */
  turns?: { x: number; words: string }[];
}

export interface HeatChart extends Common {
  kind: "heat";
  rows: string[];
  columns: string[];
  rowsTitle: string;
  columnsTitle: string;
  cells: { row: number; column: number; value: number; text: string; notes: string[] }[];
  better: "lower" | "higher";
  unit: Unit;
}

export interface BoxChart extends Common {
  kind: "box";
  x: Axis;
  items: { label: string; facility: string; values: number[] }[];
}

export type ChartModel = CurveChart | HeatChart | BoxChart;

/** A table of texts; a figure keeps its exact value beside its text. */
export interface Table {
  columns: string[];
  rows: { head: string; facility?: string; cells: TableCell[] }[];
}

export interface TableCell {
  text: string;
  value?: number;
}

const EMPTY: TableCell = { text: "–" };

function figure(value: number | undefined, unit: Unit): TableCell {
  return value === undefined ? EMPTY : { text: quantity(value, unit), value };
}

/** What a hover says of one row. */
export function notesOf(row: Row): string[] {
  const [low, high] = row.ci95;
  const range = `${quantity(low, row.unit)} – ${quantity(high, row.unit)}`;
  const notes = [
    `${quantity(row.estimate, row.unit)} (${
      row.sure === false ? "too few trials for an interval" : `95 %: ${range}`
    })`,
  ];
  if (row.percentiles?.p99 !== undefined) {
    notes.push(`p99 ${quantity(row.percentiles.p99, "ns")}${batchNote(row)}`);
  }
  if (row.cpuNs !== undefined) notes.push(`CPU ${quantity(row.cpuNs, "ns")} an operation`);
  if (row.trials.length > 0) notes.push(count(row.trials.length, "trial"));
  return notes;
}

function batchNote(row: Row): string {
  return row.batch && row.batch > 1 ? ` (of means of ${row.batch})` : "";
}

const MEASURES: Record<Unit, string> = {
  ns: "Time",
  "bytes/s": "Data rate",
  "messages/s": "Message rate",
  "ops/s": "Rate",
  bytes: "Size",
  messages: "Messages",
};

export function measureOf(row: Row): string {
  return row.workload === "round-trip" ? "Round trip" : MEASURES[row.unit];
}

function chartId(topic: string, workload: string): string {
  return `${topic}-${slug(workload)}`;
}

const PARTICIPANTS = { process: "processes", thread: "threads" } as const;

/** A workload and slice in words: `Round trip on one CPU, processes`. */
export function contextOf(workload: string, slice: Slice): string {
  return `${titled(workload)} ${placementWords(slice.placement)}, ${
    PARTICIPANTS[slice.participants]
  }` +
    (slice.awake ? "" : ", CPUs free to sleep");
}

export function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "x";
}

/** The estimate of each series along the workload's dimension, both axes logarithmic. */
export function sizeChart(view: View): CurveChart | null {
  const { workload, slice, rows, dimension, series: all } = view;
  const places = valuesAlong(rows, dimension);
  const sample = rows[0];
  if (!dimension || places.length < 2 || !sample) return null;
  const seen = all.filter((series) => !isHidden(view, series));
  const lines = all.map((series): Line => ({
    key: series.key,
    label: series.label,
    facility: series.facility,
    wait: series.wait,
    shown: isShown(view, series),
    spare: !view.leading.has(series.key),
    points: series.rows.map((row) => ({
      x: Math.max(valueAt(row, dimension)!, 0.5),
      y: row.estimate,
      yRange: row.ci95,
      notes: notesOf(row),
    })),
  }));
  const least = places[0]!;
  const most = places.at(-1)!;
  const named = (place: number) => valueWords(dimension, place);
  const bestAt = (place: number) =>
    seen.flatMap((series) =>
      series.rows.filter((row) => valueAt(row, dimension) === place).map((row) => ({ series, row }))
    ).sort((a, b) => byMerit(a.row, b.row))[0];
  const told = [least, most].flatMap((place) => {
    const best = bestAt(place);
    if (!best) return [];
    const figure = quantity(best.row.estimate, best.row.unit);
    return `at ${named(place)} ${best.series.label} (${figure})`;
  });
  const along = dimensionTitle(dimension);
  return {
    kind: "curve",
    id: chartId("size", workload),
    topic: "size",
    context: contextOf(workload, slice),
    wide: true,
    title: `${measureOf(sample)} against ${along.toLowerCase()}`,
    summary: `${measureOf(sample)} of ${count(seen.length, "series")} from ${named(least)} to ${
      named(most)
    } ${placementWords(slice.placement)}.${told.length ? ` Best ${list(told)}.` : ""}`,
    reading: "Both axes are logarithmic; bars are 95 % intervals over trials." +
      (dimension.kind === "size"
        ? " A line ends where the facility cannot carry a larger message here, or none was measured."
        : ""),
    joined: true,
    x: {
      label: along,
      scale: "log",
      unit: dimension.kind === "size" ? "size" : unitOf(dimension),
      at: places,
    },
    y: { label: measureOf(sample), scale: "log", unit: sample.unit },
    lines,
    table: {
      columns: ["Series", ...places.map(named)],
      rows: seen.map((series) => ({
        head: series.label,
        facility: series.facility,
        cells: places.map((place) =>
          figure(
            series.rows.find((row) => valueAt(row, dimension) === place)?.estimate,
            sample.unit,
          )
        ),
      })),
    },
  };
}

function unitOf(dimension: Dimension): Axis["unit"] {
  if (dimension.kind === "parameter" && dimension.name.endsWith("Ns")) return "ns";
  return "number";
}

/** The series of a view at its one size, without those taken out. */
function atSize(view: View) {
  return view.series.flatMap((series) => {
    const row = rowAt(view, series);
    return row ? [{ series, row, shown: isShown(view, series) }] : [];
  });
}

function hereWords(view: View): string {
  const at = atWords(view);
  return `${at && `with ${at} `}${placementWords(view.slice.placement)}`;
}

/** -log10(1 - share): 0.9 gives 1, 0.99 gives 2. */
export function nines(share: number): number {
  return -Math.log10(1 - share);
}

/** How long the slowest operations took: a quantile curve with the tail spread out. */
export function tailChart(view: View): CurveChart | null {
  const { workload, slice } = view;
  const all = atSize(view).filter(({ row }) => row.percentiles);
  if (all.length === 0) return null;
  const shown = all.filter(({ series }) => !isHidden(view, series));
  const shares = { p50: 0.5, p90: 0.9, p99: 0.99, "p99.9": 0.999 } as const;
  const lines = all.map(({ series, row, shown }): Line => {
    const samples = Math.max(10, row.operations / (row.batch ?? 1));
    const known: [number, number][] = row.curve ??
      Object.entries(shares).flatMap(([name, share]): [number, number][] => {
        const ns = row.percentiles![name as keyof typeof shares];
        return ns === undefined ? [] : [[share, ns]];
      });
    const last = 1 - 1 / samples;
    const points = [
      ...known.filter(([share]) => share < last),
      [last, row.percentiles!.max] as [number, number],
    ];
    return {
      key: series.key,
      label: series.label,
      facility: series.facility,
      wait: series.wait,
      shown,
      spare: !view.leading.has(series.key),
      points: points.map(([share, ns], index) => ({
        x: nines(share),
        y: ns,
        notes: [
          index === points.length - 1
            ? `slowest of ${digits(samples)}: ${quantity(ns, "ns")}`
            : `${shareWords(share)} within ${quantity(ns, "ns")}${batchNote(row)}`,
        ],
      })),
    };
  });
  const withTail = shown.filter(({ row }) => row.percentiles!.p99 !== undefined)
    .sort((a, b) => a.row.percentiles!.p99! - b.row.percentiles!.p99!);
  const first = withTail[0];
  const batched = shown.some(({ row }) => row.batch && row.batch > 1);
  return {
    kind: "curve",
    id: chartId("tail", workload),
    topic: "tail",
    context: contextOf(workload, slice),
    title: "The slowest operations",
    summary: first
      ? `Least p99 ${hereWords(view)}: ${first.series.label} with ${
        quantity(first.row.percentiles!.p99!, "ns")
      }; most: ${withTail.at(-1)!.series.label} with ${
        quantity(withTail.at(-1)!.row.percentiles!.p99!, "ns")
      }.`
      : `Percentiles of ${shown.length} series ${hereWords(view)}.`,
    reading:
      "Each step to the right leaves a tenth of the operations: 90 %, 99 %, 99.9 %; a line " +
      "ends at its slowest operation." +
      (batched ? " Series timed in batches show the percentiles of batch means." : ""),
    joined: true,
    x: { label: "Share of operations", scale: "nines", unit: "share" },
    y: { label: "Time of one operation", scale: "log", unit: "ns" },
    lines,
    table: {
      columns: ["Series", "p50", "p90", "p99", "p99.9", "Slowest"],
      rows: shown.map(({ series, row }) => ({
        head: series.label,
        facility: series.facility,
        cells: (["p50", "p90", "p99", "p99.9", "max"] as const).map((name) =>
          figure(row.percentiles![name], "ns")
        ),
      })),
    },
  };
}

export function shareWords(share: number): string {
  const rest = (1 - share) * 100;
  if (rest <= 0) return "all";
  const decimals = Math.max(0, Math.ceil(-Math.log10(rest) - 1e-9));
  return `${(100 - rest).toFixed(decimals)} %`;
}

/** What an operation costs in time, against what it costs in CPU. */
export function costChart(view: View): CurveChart | null {
  const { workload, slice } = view;
  const all = atSize(view).filter(({ row }) => row.cpuNs !== undefined);
  const shown = all.filter(({ series }) => !isHidden(view, series));
  const sample = shown[0]?.row;
  if (!sample || all.length < 2) return null;
  const thrifty = [...shown].sort((a, b) => a.row.cpuNs! - b.row.cpuNs!);
  const first = thrifty[0]!;
  const last = thrifty.at(-1)!;
  return {
    kind: "curve",
    id: chartId("cost", workload),
    topic: "cost",
    context: contextOf(workload, slice),
    title: `${measureOf(sample)} against CPU cost`,
    summary: `Least CPU time an operation ${hereWords(view)}: ${first.series.label} with ${
      quantity(first.row.cpuNs!, "ns")
    }; most: ${last.series.label} with ${quantity(last.row.cpuNs!, "ns")}.`,
    reading: `User and system time of all participants, from getrusage. ${
      sample.better === "lower" ? "Down and left" : "Up and left"
    } is better; whoever spins pays for speed with CPU.`,
    joined: false,
    x: { label: "CPU time of one operation", scale: "log", unit: "ns" },
    y: { label: measureOf(sample), scale: "log", unit: sample.unit },
    lines: all.map(({ series, row, shown }) => ({
      key: series.key,
      label: series.label,
      facility: series.facility,
      wait: series.wait,
      // A waiting strategy is a way of paying, so this chart shows them all until one is taken out.
      shown: shown || !isHidden(view, series),
      spare: !view.leading.has(series.key),
      points: [{ x: row.cpuNs!, y: row.estimate, yRange: row.ci95, notes: notesOf(row) }],
    })),
    table: {
      columns: ["Series", measureOf(sample), "CPU an operation"],
      rows: shown.map(({ series, row }) => ({
        head: series.label,
        facility: series.facility,
        cells: [figure(row.estimate, row.unit), figure(row.cpuNs, "ns")],
      })),
    },
  };
}

/** Every trial's own figure, as box plots. */
export function trialsChart(view: View): BoxChart | null {
  const { workload, slice } = view;
  const shown = atSize(view).filter(({ row, shown }) => shown && row.trials.length > 1)
    .sort((a, b) => byMerit(a.row, b.row));
  const sample = shown[0]?.row;
  if (!sample) return null;
  const spread = (values: readonly number[]) => Math.max(...values) / Math.min(...values);
  const widest = shown.reduce((a, b) => spread(b.row.trials) > spread(a.row.trials) ? b : a);
  return {
    kind: "box",
    id: chartId("trials", workload),
    topic: "trials",
    context: contextOf(workload, slice),
    title: "Trials",
    summary: `${measureOf(sample)} of each trial ${
      hereWords(view)
    }, best first. Widest: ${widest.series.label}, whose highest trial is ${
      times(spread(widest.row.trials))
    } its lowest.`,
    reading:
      "A trial is a fresh set of participants. The box holds the middle half of the trials, " +
      "the line is their median, whiskers reach 1.5 times the box; all others are drawn as points. " +
      "None is dropped.",
    x: { label: measureOf(sample), scale: "log", unit: sample.unit },
    items: shown.map(({ series, row }) => ({
      label: series.label,
      facility: series.facility,
      values: row.trials,
    })),
    table: {
      columns: ["Series", "Trials", "Least", "Median", "Most"],
      rows: shown.map(({ series, row }) => {
        const sorted = [...row.trials].sort((a, b) => a - b);
        return {
          head: series.label,
          facility: series.facility,
          cells: [
            { text: String(sorted.length), value: sorted.length },
            figure(sorted[0], row.unit),
            figure(row.estimate, row.unit),
            figure(sorted.at(-1), row.unit),
          ],
        };
      }),
    },
  };
}

/** Each region with each waiting strategy: the cost of the sharing and the cost of the waiting apart. */
export function waitChart(view: View): HeatChart | null {
  const { workload, slice } = view;
  const waiting = atSize(view).filter(({ series, row }) =>
    row.wait !== undefined && !isHidden(view, series)
  ).map(({ row }) => row);
  const waits = [...new Set(waiting.map((row) => row.wait!))];
  const regions = [...new Set(waiting.map((row) => row.facility))];
  const sample = waiting[0];
  if (!sample || waits.length < 2) return null;
  const mean = (wait: string) => {
    const own = waiting.filter((row) => row.wait === wait);
    return own.reduce((sum, row) => sum + Math.log(row.estimate), 0) / own.length;
  };
  waits.sort((a, b) => sample.better === "lower" ? mean(a) - mean(b) : mean(b) - mean(a));
  const sorted = [...waiting].sort(byMerit);
  const best = sorted[0]!;
  const worst = sorted.at(-1)!;
  const named = (row: Row) => `${lookOf(row.facility).title} with ${row.wait}`;
  return {
    kind: "heat",
    id: chartId("wait", workload),
    topic: "wait",
    context: contextOf(workload, slice),
    wide: waits.length > 4,
    title: "Region by waiting strategy",
    summary: `${measureOf(sample)} ${hereWords(view)}: best ${named(best)} (${
      quantity(best.estimate, best.unit)
    }), worst ${named(worst)} (${quantity(worst.estimate, worst.unit)}, ${
      times(timesWorse(worst, best))
    } as much).`,
    reading:
      "Down a column only the region changes, along a row only how its users wait for each " +
      "other. The stronger the colour, the worse, on a logarithmic scale. An empty field was not " +
      "measured.",
    rowsTitle: "Region",
    columnsTitle: "Waiting strategy",
    rows: regions.map((id) => lookOf(id).title),
    columns: waits,
    better: sample.better,
    unit: sample.unit,
    cells: waiting.map((row) => ({
      row: regions.indexOf(row.facility),
      column: waits.indexOf(row.wait!),
      value: row.estimate,
      text: quantity(row.estimate, row.unit),
      notes: notesOf(row),
    })),
    table: {
      columns: ["Region", ...waits],
      rows: regions.map((region) => ({
        head: lookOf(region).title,
        facility: region,
        cells: waits.map((wait) =>
          figure(
            waiting.find((row) => row.facility === region && row.wait === wait)?.estimate,
            sample.unit,
          )
        ),
      })),
    },
  };
}

/** Every chart that a view can fill. */
export function chartsOf(view: View): ChartModel[] {
  const charts = [
    sizeChart(view),
    tailChart(view),
    costChart(view),
    waitChart(view),
    trialsChart(view),
  ];
  return charts.filter((chart) => chart !== null);
}
