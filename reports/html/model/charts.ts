/**
 * Charts as plain data, with the text summary and the table that say the same.
 *
 * @module
 */
import { lookOf } from "./appearance.ts";
import { bytes, digits, list, quantity, times, type Unit } from "./format.ts";
import {
  byMerit,
  placementWords,
  rankedSize,
  type Row,
  type Series,
  seriesOf,
  sizesIn,
  type Slice,
  timesWorse,
  titled,
} from "./rows.ts";

export interface Axis {
  label: string;
  /** `nines`: the values are -log10(1 - share), so that 99 % and 99.9 % stand one apart. */
  scale: "log" | "linear" | "nines";
  unit: Unit | "size" | "share";
}

export interface Point {
  x: number;
  y: number;
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  /** The words that a hover shows, one line each. */
  notes: string[];
}

export interface Line {
  label: string;
  facility: string;
  wait?: string;
  points: Point[];
  /** False for a series that is drawn only when its reader asks for it. */
  shown: boolean;
}

interface Common {
  id: string;
  title: string;
  /** The workload and slice, in words: with the title it names the chart on its page. */
  context: string;
  /** What is to be seen, in words made from the data. */
  summary: string;
  /** How to read the chart, and what it does not show. */
  reading: string;
  table: Table;
}

export interface CurveChart extends Common {
  kind: "curve";
  joined: boolean;
  x: Axis;
  y: Axis;
  lines: Line[];
}

export interface HeatChart extends Common {
  kind: "heat";
  rows: string[];
  columns: string[];
  rowsTitle: string;
  columnsTitle: string;
  cells: { row: number; column: number; value: number; text: string; notes: string[] }[];
  better: "lower" | "higher";
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
  const notes = [
    `${quantity(row.estimate, row.unit)} (95 %: ${quantity(low, row.unit)} – ${
      quantity(high, row.unit)
    })`,
  ];
  if (row.percentiles?.p99 !== undefined) {
    notes.push(`p99 ${quantity(row.percentiles.p99, "ns")}${batchNote(row)}`);
  }
  if (row.cpuNs !== undefined) notes.push(`CPU ${quantity(row.cpuNs, "ns")} an operation`);
  notes.push(`${row.trials.length} trials`);
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

function chartId(kind: string, workload: string, slice: Slice): string {
  return [kind, workload, slice.placement, slice.participants].map(slug).join("-");
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

/** Of each facility the series that is best at the ranked size; the others start hidden. */
function leadingSeries(all: readonly Series[], size: number | undefined): Set<string> {
  const best = new Map<string, { key: string; row: Row }>();
  for (const series of all) {
    const row = series.rows.find((row) => row.sizeBytes === size) ?? series.rows[0]!;
    const rival = best.get(series.facility);
    if (!rival || byMerit(row, rival.row) < 0) {
      best.set(series.facility, { key: series.key, row });
    }
  }
  return new Set([...best.values()].map(({ key }) => key));
}

/** The estimate of each series against the message size, both axes logarithmic. */
export function sizeChart(workload: string, slice: Slice, rows: readonly Row[]): CurveChart | null {
  const sizes = sizesIn(rows);
  const sample = rows[0];
  if (sizes.length < 2 || !sample) return null;
  const all = seriesOf(rows.filter((row) => row.sizeBytes !== undefined));
  const leading = leadingSeries(all, rankedSize(rows));
  const lines = all.map((series): Line => ({
    label: series.label,
    facility: series.facility,
    wait: series.wait,
    shown: leading.has(series.key),
    points: series.rows.map((row) => ({
      x: row.sizeBytes!,
      y: row.estimate,
      yRange: row.ci95,
      notes: notesOf(row),
    })),
  }));
  const least = sizes[0]!;
  const most = sizes.at(-1)!;
  const bestAt = (size: number) =>
    all.flatMap((series) =>
      series.rows.filter((row) => row.sizeBytes === size).map((row) => ({ series, row }))
    ).sort((a, b) => byMerit(a.row, b.row))[0];
  const told = [least, most].map((size) => {
    const best = bestAt(size)!;
    return `at ${bytes(size)} ${best.series.label} (${quantity(best.row.estimate, best.row.unit)})`;
  });
  return {
    kind: "curve",
    id: chartId("size", workload, slice),
    context: contextOf(workload, slice),
    title: `${measureOf(sample)} against message size`,
    summary: `${measureOf(sample)} of ${all.length} series from ${bytes(least)} to ${bytes(most)} ${
      placementWords(slice.placement)
    }. Best ${list(told)}.`,
    reading: "Both axes are logarithmic; bars are 95 % intervals over trials. Where a line ends, " +
      "the facility cannot carry a larger message here.",
    joined: true,
    x: { label: "Message size", scale: "log", unit: "size" },
    y: { label: measureOf(sample), scale: "log", unit: sample.unit },
    lines,
    table: {
      columns: ["Series", ...sizes.map(bytes)],
      rows: all.map((series) => ({
        head: series.label,
        facility: series.facility,
        cells: sizes.map((size) => {
          const row = series.rows.find((row) => row.sizeBytes === size);
          return figure(row?.estimate, sample.unit);
        }),
      })),
    },
  };
}

/** The rows that a chart at one size shows: the best series of each facility first. */
function atSize(rows: readonly Row[], size: number | undefined) {
  const all = seriesOf(rows.filter((row) => row.sizeBytes === size));
  const leading = leadingSeries(all, size);
  return all.map((series) => ({ series, row: series.rows[0]!, shown: leading.has(series.key) }));
}

function atWords(size: number | undefined, slice: Slice): string {
  return `${size === undefined ? "" : `with ${bytes(size)} a message `}${
    placementWords(slice.placement)
  }`;
}

/** -log10(1 - share): 0.9 gives 1, 0.99 gives 2. */
export function nines(share: number): number {
  return -Math.log10(1 - share);
}

/** How long the slowest operations took: a quantile curve with the tail spread out. */
export function tailChart(
  workload: string,
  slice: Slice,
  rows: readonly Row[],
  sizeBytes = rankedSize(rows),
): CurveChart | null {
  const shown = atSize(rows, sizeBytes).filter(({ row }) => row.percentiles);
  if (shown.length === 0) return null;
  const shares = { p50: 0.5, p90: 0.9, p99: 0.99, "p99.9": 0.999 } as const;
  const lines = shown.map(({ series, row, shown }): Line => {
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
      label: series.label,
      facility: series.facility,
      wait: series.wait,
      shown,
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
    id: chartId("tail", workload, slice),
    context: contextOf(workload, slice),
    title: "The slowest operations",
    summary: first
      ? `Least p99 ${atWords(sizeBytes, slice)}: ${first.series.label} with ${
        quantity(first.row.percentiles!.p99!, "ns")
      }; most: ${withTail.at(-1)!.series.label} with ${
        quantity(withTail.at(-1)!.row.percentiles!.p99!, "ns")
      }.`
      : `Percentiles of ${shown.length} series ${atWords(sizeBytes, slice)}.`,
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
export function costChart(
  workload: string,
  slice: Slice,
  rows: readonly Row[],
  sizeBytes = rankedSize(rows),
): CurveChart | null {
  const shown = atSize(rows, sizeBytes).filter(({ row }) => row.cpuNs !== undefined);
  const sample = shown[0]?.row;
  if (!sample || shown.length < 2) return null;
  const thrifty = [...shown].sort((a, b) => a.row.cpuNs! - b.row.cpuNs!);
  const first = thrifty[0]!;
  const last = thrifty.at(-1)!;
  return {
    kind: "curve",
    id: chartId("cost", workload, slice),
    context: contextOf(workload, slice),
    title: `${measureOf(sample)} against CPU cost`,
    summary: `Least CPU time an operation ${
      atWords(sizeBytes, slice)
    }: ${first.series.label} with ${
      quantity(first.row.cpuNs!, "ns")
    }; most: ${last.series.label} with ${quantity(last.row.cpuNs!, "ns")}.`,
    reading: `User and system time of all participants, from getrusage. ${
      sample.better === "lower" ? "Down and left" : "Up and left"
    } is better; whoever spins pays for speed with CPU.`,
    joined: false,
    x: { label: "CPU time of one operation", scale: "log", unit: "ns" },
    y: { label: measureOf(sample), scale: "log", unit: sample.unit },
    lines: shown.map(({ series, row }) => ({
      label: series.label,
      facility: series.facility,
      wait: series.wait,
      shown: true,
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
export function trialsChart(
  workload: string,
  slice: Slice,
  rows: readonly Row[],
  sizeBytes = rankedSize(rows),
): BoxChart | null {
  const shown = atSize(rows, sizeBytes).filter(({ row, shown }) => shown && row.trials.length > 1)
    .sort((a, b) => byMerit(a.row, b.row));
  const sample = shown[0]?.row;
  if (!sample) return null;
  const spread = (values: readonly number[]) => Math.max(...values) / Math.min(...values);
  const widest = shown.reduce((a, b) => spread(b.row.trials) > spread(a.row.trials) ? b : a);
  return {
    kind: "box",
    id: chartId("trials", workload, slice),
    context: contextOf(workload, slice),
    title: "Trials",
    summary: `${measureOf(sample)} of each trial ${
      atWords(sizeBytes, slice)
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
export function waitChart(
  workload: string,
  slice: Slice,
  rows: readonly Row[],
  sizeBytes = rankedSize(rows),
): HeatChart | null {
  const waiting = rows.filter((row) => row.wait !== undefined && row.sizeBytes === sizeBytes);
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
    id: chartId("wait", workload, slice),
    context: contextOf(workload, slice),
    title: "Region by waiting strategy",
    summary: `${measureOf(sample)} ${atWords(sizeBytes, slice)}: best ${named(best)} (${
      quantity(best.estimate, best.unit)
    }), worst ${named(worst)} (${quantity(worst.estimate, worst.unit)}, ${
      times(timesWorse(worst, best))
    } as much).`,
    reading:
      "Down a column only the region changes, along a row only how its users wait for each " +
      "other. Darker is worse; the colour scale is logarithmic. An empty field was not measured.",
    rowsTitle: "Region",
    columnsTitle: "Waiting strategy",
    rows: regions.map((id) => lookOf(id).title),
    columns: waits,
    better: sample.better,
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

/** Every chart that the rows of one workload and slice can fill. */
export function chartsOf(workload: string, slice: Slice, rows: readonly Row[]): ChartModel[] {
  const charts = [
    sizeChart(workload, slice, rows),
    tailChart(workload, slice, rows),
    costChart(workload, slice, rows),
    waitChart(workload, slice, rows),
    trialsChart(workload, slice, rows),
  ];
  return charts.filter((chart) => chart !== null);
}
