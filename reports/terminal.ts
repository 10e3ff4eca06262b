/**
 * The ranked tables of a run for a terminal: one a workload, as wide as the terminal has columns.
 *
 * @module
 */
import type { RunDocument } from "../workloads/runner/document.ts";
import { presentable } from "../workloads/runner/foreign_text.ts";
import { checksOf } from "./expected.ts";
import { DEFAULTS } from "./html/model/choices.ts";
import { bytes, count, quantity, span, times } from "./html/model/format.ts";
import { type Place, rankingOf } from "./html/model/ranking.ts";
import {
  placementWords,
  type Row,
  rowsOf,
  sameSlice,
  type Slice,
  slicesIn,
  tailOf,
  titled,
  workloadsIn,
} from "./html/model/rows.ts";
import { usualRanking } from "./html/model/verdict.ts";
import { viewOf } from "./html/model/view.ts";
import { kneesOf } from "./knee.ts";

interface Column {
  readonly title: string;
  readonly left?: boolean;
  readonly text: (place: Place) => string;
}

/** All tables, then what has to be said of the run. */
export function rankingTables(document: RunDocument, width: number): string {
  const run = presentable(document);
  const rows = rowsOf(run);
  const measured = rows.filter((row) => !row.control);
  const tables = workloadsIn(measured).map((workload) => table(workload, rows, width));
  const parts = [...tables, few(tables), floors(rows), knees(run, rows, width), checks(run, width)];
  return [...parts, closing(run, width)].filter((part) => part !== "").join("\n\n");
}

function table(workload: string, rows: readonly Row[], width: number): string {
  const ranking = usualRanking(workload, rows);
  if (!ranking || ranking.places.length === 0) return "";
  const { slice, at, places } = ranking;
  const lower = places[0]!.row.better === "lower";
  const tail = tailOf(places.map(({ row }) => row));
  const size = at && `, ${at}`;
  const heading = `${titled(workload)}${size}, ${sliceWords(slice)} (${
    lower ? "lower" : "higher"
  } is better)`;
  const columns: Column[] = [
    { title: "", text: ({ rank }) => `${rank}` },
    { title: "facility", left: true, text: ({ label }) => label },
    { title: lower ? "time" : "rate", text: ({ row }) => quantity(row.estimate, row.unit) },
    { title: "95 %", text: ({ row }) => uncertainty(row) },
    ...(lower ? [{ title: tail, text: ({ row }: Place) => percentile(row, tail) }] : []),
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

/** What a star beside an interval says. */
function few(tables: readonly string[]): string {
  return tables.some((table) => table.includes(" %*"))
    ? "* the range of the trials, which are too few for a 95 % interval"
    : "";
}

/** The control rows on one line. */
function floors(rows: readonly Row[]): string {
  const texts = ["null-call", "null-syscall", "clock"].flatMap((workload) => {
    const row = rows.find((each) => each.control && each.workload === workload);
    return row ? [`${titled(workload).toLowerCase()} ${quantity(row.estimate, row.unit)}`] : [];
  });
  return texts.length > 0 ? plain(`Floors of this machine: ${texts.join(", ")}`) : "";
}

/** Where the round trips of the ranking bend, on one line; of runs with sizes enough. */
function knees(run: RunDocument, rows: readonly Row[], width: number): string {
  const ranking = usualRanking("round-trip", rows);
  const found = kneesOf(run).flatMap(({ knee, ...each }) => {
    const place = ranking?.places.find(({ row }) =>
      row.facility === each.facility && row.variant === each.variant && row.wait === each.wait &&
      sameSlice(row, each)
    );
    return knee && place ? [{ rank: place.rank, label: place.label, size: knee.sizeBytes }] : [];
  }).sort((a, b) => a.rank - b.rank);
  if (found.length === 0) return "";
  const texts = found.map(({ label, size }) => `${label} ${bytes(size)}`);
  const where = placementWords(ranking!.slice.placement);
  return wrap(
    plain(
      `Knees of the round trip ${where}, from where a message costs by its bytes: ` +
        texts.join(", "),
    ),
    width,
  ).join("\n");
}

/** What the run should show, in one line, and one for each check that it fails. */
function checks(run: RunDocument, width: number): string {
  const made = checksOf(run).filter(({ verdict }) => verdict !== "not measured");
  if (made.length === 0) return "";
  const odd = made.filter(({ verdict }) => verdict === "unexpected");
  return [
    `Checks: ${made.length - odd.length} of ${made.length} as expected`,
    ...odd.map(({ statement, expected, observed }) =>
      `unexpected: ${statement}: expected ${expected}, observed ${observed}`
    ),
  ].flatMap((line) => wrap(plain(line), width)).join("\n");
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
    ...run.warnings.map(({ text }) => `warning: ${text}`),
  ];
  return lines.flatMap((line) => wrap(plain(line), width)).join("\n");
}

function uncertainty({ estimate, trials, sure, ci95: [low, high] }: Row): string {
  if (trials.length < 2) return "";
  const half = (high - low) / 2 / estimate * 100;
  return `±${half < 9.95 ? half.toFixed(1) : Math.round(half)} %${sure === false ? "*" : ""}`;
}

function percentile({ percentiles }: Row, name: "p99" | "p90"): string {
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
