/**
 * The ranked tables of a run for a terminal: one a workload, as wide as the terminal has columns.
 *
 * @module
 */
import type { RunDocument } from "../workloads/runner/document.ts";
import { DEFAULTS } from "./html/model/choices.ts";
import { count, quantity, span, times } from "./html/model/format.ts";
import { type Place, rankingOf } from "./html/model/ranking.ts";
import {
  placementWords,
  type Row,
  rowsOf,
  sameSlice,
  type Slice,
  slicesIn,
  titled,
  workloadsIn,
} from "./html/model/rows.ts";
import { usualRanking } from "./html/model/verdict.ts";
import { viewOf } from "./html/model/view.ts";

interface Column {
  readonly title: string;
  readonly left?: boolean;
  readonly text: (place: Place) => string;
}

/** All tables, then what has to be said of the run. */
export function rankingTables(run: RunDocument, width: number): string {
  const rows = rowsOf(run.cells);
  const measured = rows.filter((row) => !row.control);
  const tables = workloadsIn(measured).map((workload) => table(workload, rows, width));
  return [...tables, floors(rows), closing(run, width)].filter((part) => part !== "").join("\n\n");
}

function table(workload: string, rows: readonly Row[], width: number): string {
  const ranking = usualRanking(workload, rows);
  if (!ranking || ranking.places.length === 0) return "";
  const { slice, at, places } = ranking;
  const lower = places[0]!.row.better === "lower";
  const size = at && `, ${at}`;
  const heading = `${titled(workload)}${size}, ${sliceWords(slice)} (${
    lower ? "lower" : "higher"
  } is better)`;
  const columns: Column[] = [
    { title: "", text: ({ rank }) => `${rank}` },
    { title: "facility", left: true, text: ({ label }) => label },
    { title: lower ? "time" : "rate", text: ({ row }) => quantity(row.estimate, row.unit) },
    { title: "95 %", text: ({ row }) => uncertainty(row) },
    ...(lower ? [{ title: "p99", text: ({ row }: Place) => percentile(row, "p99") }] : []),
    {
      title: "CPU/op",
      text: ({ row }) => row.cpuNs === undefined ? "" : quantity(row.cpuNs, "ns"),
    },
    { title: "× best", text: (place) => times(place.times) },
    ...elsewhere(workload, rows, slice, places[0]!.row.sizeBytes, width),
  ];
  return `${plain(heading)}\n${layOut(columns, places, width)}`;
}

/** One more column where the terminal has room: the same at the other placement. */
function elsewhere(
  workload: string,
  rows: readonly Row[],
  slice: Slice,
  sizeBytes: number | undefined,
  width: number,
): Column[] {
  const own = rows.filter((row) => row.workload === workload && !row.control);
  const other = slicesIn(own).find((each) => !sameSlice(each, slice));
  if (!other || width < 100) return [];
  const view = viewOf(workload, own, { ...DEFAULTS, size: sizeBytes }, other);
  if (!view) return [];
  const there = rankingOf(view, { everySeries: true });
  return [{
    title: other.participants === slice.participants ? other.placement : other.participants,
    text({ label }) {
      const found = there.places.find((place) => place.label === label);
      return found ? quantity(found.row.estimate, found.row.unit) : "";
    },
  }];
}

function layOut(columns: readonly Column[], places: readonly Place[], width: number): string {
  const cells = places.map((place) => columns.map((column) => plain(column.text(place))));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((row) => row[index]!.length))
  );
  const rest = widths.reduce((sum, each) => sum + each + 2, 0) - 2 - widths[1]!;
  widths[1] = Math.max(8, Math.min(widths[1]!, width - rest));
  const line = (texts: readonly string[]) =>
    texts.map((text, index) =>
      columns[index]!.left
        ? clip(text, widths[index]!).padEnd(widths[index]!)
        : text.padStart(widths[index]!)
    ).join("  ").trimEnd();
  return [line(columns.map(({ title }) => title)), ...cells.map(line)].join("\n");
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** The control rows on one line. */
function floors(rows: readonly Row[]): string {
  const texts = ["null-call", "null-syscall", "clock"].flatMap((workload) => {
    const row = rows.find((each) => each.control && each.workload === workload);
    return row ? [`${titled(workload).toLowerCase()} ${quantity(row.estimate, row.unit)}`] : [];
  });
  return texts.length > 0 ? plain(`Floors of this machine: ${texts.join(", ")}`) : "";
}

function closing(run: RunDocument, width: number): string {
  const number = (status: string) => run.cells.filter((cell) => cell.status === status).length;
  const parts = [
    `${count(number("measured"), "cell")} measured in ${span(run.durationSeconds)}`,
    `${number("not-applicable")} not applicable`,
    `${number("failed")} failed`,
  ];
  const failed = run.cells.filter((cell) => cell.status === "failed");
  const lines = [
    `${parts.join(", ")}; run ${run.id}${run.complete ? "" : " (interrupted, incomplete)"}`,
    ...failed.slice(0, 8).map((cell) => `failed: ${cell.id}: ${cell.reason}`),
    ...run.warnings.map((warning) => `warning: ${warning}`),
  ];
  return lines.flatMap((line) => wrap(plain(line), width)).join("\n");
}

function uncertainty({ estimate, trials, ci95: [low, high] }: Row): string {
  if (trials.length < 2) return "";
  const half = (high - low) / 2 / estimate * 100;
  return `±${half < 9.95 ? half.toFixed(1) : Math.round(half)} %`;
}

function percentile({ percentiles }: Row, name: "p99"): string {
  const value = percentiles?.[name];
  return value === undefined ? "" : quantity(value, "ns");
}

function sliceWords({ placement, participants, awake }: Slice): string {
  return `${placementWords(placement)}${participants === "thread" ? ", threads" : ""}${
    awake ? ", kept awake" : ""
  }`;
}

/** Terminals count a narrow space as they like; a plain one always has one column. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u202f\u2009]/g, " ");
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
