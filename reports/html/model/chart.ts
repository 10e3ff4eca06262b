/**
 * What a chart is made of, as plain data, and the words that all charts share.
 *
 * @module
 */
import { count, quantity, type Unit } from "./format.ts";
import { placementWords, type Row, type Slice, titled } from "./rows.ts";
import { atWords, isShown, rowAt, type View } from "./view.ts";

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

export function figure(value: number | undefined, unit: Unit): TableCell {
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

export function batchNote(row: Row): string {
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

export function chartId(topic: string, workload: string): string {
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

/** The series of a view at its one size, without those taken out. */
export function atSize(view: View) {
  return view.series.flatMap((series) => {
    const row = rowAt(view, series);
    return row ? [{ series, row, shown: isShown(view, series) }] : [];
  });
}

export function hereWords(view: View): string {
  const at = atWords(view);
  return `${at && `with ${at} `}${placementWords(view.slice.placement)}`;
}

export function shareWords(share: number): string {
  const rest = (1 - share) * 100;
  if (rest <= 0) return "all";
  const decimals = Math.max(0, Math.ceil(-Math.log10(rest) - 1e-9));
  return `${(100 - rest).toFixed(decimals)} %`;
}
