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
import type { Place } from "./html/model/ranking.ts";
import {
  dimensionTitle,
  halfWidth,
  isRough,
  placementWords,
  type Row,
  rowsOf,
  sameSlice,
  type Slice,
  slicesIn,
  tailOf,
  titled,
  valueWords,
  workloadsIn,
} from "./html/model/rows.ts";
import { titlesFrom } from "./html/model/titles.ts";
import { usualRanking } from "./html/model/verdict.ts";
import { atWords, rowAt, type View, viewAt, viewOf } from "./html/model/view.ts";
import { kneesOf } from "./knee.ts";
import { missingOf } from "./missing.ts";
import { type Column, plain, textTable } from "./table.ts";
import { leftOut, type Table, tablesOf } from "./terminal/coverage.ts";
import { clip, wrap } from "./wrap.ts";

export interface TablesOptions {
  /** Every measured cell, not only the usual ones and those that were named. @default false */
  readonly all?: boolean;
  /** Where the cells are that no table shows: `deno task history show ID --all`. */
  readonly rest?: string;
}

/** All tables, then what has to be said of the run. */
export function rankingTables(
  document: RunDocument,
  width: number,
  { all = false, rest }: TablesOptions = {},
): string {
  const run = presentable(document);
  const rows = rowsOf(run);
  const measured = rows.filter((row) => !row.control);
  const wanted = { all, named: new Set(run.settings.named) };
  const tables = workloadsIn(measured).flatMap((workload) => tablesOf(workload, rows, wanted));
  const texts = workloadsIn(measured).flatMap((workload) => {
    const own = tables.filter(({ view }) => view.workload === workload);
    return [
      ...own.map((table) => tableText(table, own, rows, width)),
      leftOutText(workload, rows, own, width),
    ];
  });
  const shown = tables.flatMap(({ groups }) => groups.flatMap(({ places }) => places)).length;
  const hidden = measured.length - shown;
  const parts = [
    ...texts,
    legend(texts),
    floors(rows),
    knees(run, rows, width),
    checks(run, width),
    closing(run, width, hidden > 0 && rest ? `${count(hidden, "cell")} more: ${rest}` : ""),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** A row of a table: a place in the ranking of its group. */
interface Entry extends Place {
  readonly at: number | undefined;
}

function tableText(
  { view, groups }: Table,
  tables: readonly Table[],
  rows: readonly Row[],
  width: number,
): string {
  const { workload, slice, dimension } = view;
  const entries = groups.flatMap(({ at, places }) =>
    places.map((place): Entry => ({ ...place, at }))
  );
  const sample = entries[0]!.row;
  const lower = sample.better === "lower";
  const tail = tailOf(entries.map(({ row }) => row));
  const several = groups.length > 1;
  const at = several ? "" : atWords(viewAt(view, groups[0]!.at));
  const heading = `${titled(workload)}${at && `, ${at}`}, ${sliceWords(slice)} (${
    lower ? "lower" : "higher"
  } is better)`;
  const columns: Column<Entry>[] = [
    ...(several
      ? [{
        title: dimensionTitle(dimension!).toLowerCase(),
        text: ({ at }: Entry) => valueWords(dimension, at!),
      }]
      : []),
    { title: "", text: ({ rank }) => `${rank}` },
    { title: FACILITY, left: true, text: ({ label }) => label },
    { title: lower ? "time" : "rate", text: ({ row }) => figure(row) },
    { title: "95 %", text: ({ row }) => uncertainty(row) },
    ...(lower ? [{ title: tail, text: ({ row }: Entry) => percentile(row, tail) }] : []),
    {
      title: "CPU/op",
      text: ({ row }) => row.cpuNs === undefined ? "" : quantity(row.cpuNs, "ns"),
    },
    { title: "× best", text: (entry) => times(entry.times) },
    ...elsewhere(view, tables, rows, width),
  ];
  return `${plain(heading)}\n${layOut(columns, entries, width)}`;
}

/** One more column where the terminal has room: the same at a placement that has no table. */
function elsewhere(
  { workload, slice }: View,
  tables: readonly Table[],
  rows: readonly Row[],
  width: number,
): Column<Entry>[] {
  const own = rows.filter((row) => row.workload === workload && !row.control);
  const other = slicesIn(own).find((each) => !sameSlice(each, slice));
  const hasTable = tables.some(({ view }) => other && sameSlice(view.slice, other));
  if (!other || hasTable || width < 100) return [];
  const view = viewOf(workload, rows, DEFAULTS, other)!;
  return [{
    title: other.participants === slice.participants ? other.placement : other.participants,
    text({ label, at }) {
      const series = view.series.find((each) => each.label === label);
      const row = series && rowAt({ ...view, at }, series);
      return row ? figure(row) : "";
    },
  }];
}

const FACILITY = "facility";

function layOut(columns: readonly Column<Entry>[], entries: readonly Entry[], width: number) {
  const facility = columns.findIndex(({ title }) => title === FACILITY);
  const others = columns.filter((_, index) => index !== facility);
  const taken = textTable(others, entries).split("\n");
  const room = Math.max(8, width - 2 - Math.max(...taken.map((line) => line.length)));
  return textTable(
    columns.map((column, index) =>
      index === facility
        ? { ...column, text: (entry: Entry) => clip(plain(column.text(entry)), room) }
        : column
    ),
    entries,
  );
}

/** Facilities that no table of a workload shows, with a figure of each. */
function leftOutText(
  workload: string,
  rows: readonly Row[],
  tables: readonly Table[],
  width: number,
): string {
  const found = leftOut(workload, rows, tables).map(({ place: { label, row }, slice, view }) => {
    const where = [atWords(view), sliceWords(slice)].filter((words) => words !== "").join(" ");
    const sure = uncertainty(row);
    return `${label}: ${figure(row)}${sure && ` ${sure}`}, ${where}`;
  });
  if (found.length === 0) return "";
  return wrap(`${titled(workload)} elsewhere: ${found.join("; ")}`, width).join("\n");
}

/** What the marks beside figures say. */
function legend(texts: readonly string[]): string {
  const has = (mark: RegExp) => texts.some((text) => mark.test(text));
  return [
    has(/ %\*/) ? "* the range of the trials, which are too few for a 95 % interval" : "",
    has(/ ~\d/)
      ? "~ known to no better than ±50 %: raise --budget, or see what disturbs: deno task doctor"
      : "",
  ].filter((line) => line !== "").join("\n");
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
  const words = `Knees of the round trip ${where}, from where a message costs by its bytes: `;
  return wrap(words + texts.join(", "), width).join("\n");
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
  ].flatMap((line) => wrap(line, width)).join("\n");
}

function closing(run: RunDocument, width: number, rest: string): string {
  const number = (status: string) => run.cells.filter((cell) => cell.status === status).length;
  const parts = [
    `${count(number("measured"), "cell")} measured in ${span(run.durationSeconds)}`,
    `${number("not-applicable")} not applicable`,
    `${number("failed")} failed`,
  ];
  const failed = run.cells.filter((cell) => cell.status === "failed");
  const lines = [
    ...notApplicable(run),
    `${parts.join(", ")}; run ${run.id}${run.complete ? "" : " (interrupted, incomplete)"}`,
    ...(rest === "" ? [] : [rest]),
    ...failed.slice(0, 8).map((cell) => `failed: ${cell.id}: ${cell.reason}`),
    ...run.warnings.map(({ text }) => `warning: ${text}`),
  ];
  return lines.flatMap((line) => wrap(line, width)).join("\n");
}

/** Reasons, and facilities of one reason, that are named; the others are counted. */
const MOST_NAMED = 8;

/**
 * Why cells have no figure: of facilities that have none at all, and of whatever was named.
 */
function notApplicable({ cells, facilities, settings }: RunDocument): string[] {
  const title = titlesFrom(facilities).facility;
  const measured = new Set(
    cells.filter(({ status }) => status === "measured").map(({ facility }) => facility),
  );
  const named = (settings.named ?? []).length > 0;
  const groups = missingOf(cells, "not-applicable").filter((group) =>
    named || group.cells.some(({ facility }) => !measured.has(facility))
  );
  const lines = groups.slice(0, MOST_NAMED).map(({ reason, cells }) => {
    const titles = [...new Set(cells.map(({ facility }) => title(facility)))];
    const more = titles.length - MOST_NAMED;
    const who = titles.slice(0, MOST_NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
    return `not applicable: ${who} (${count(cells.length, "cell")}): ${reason}`;
  });
  const more = groups.length - lines.length;
  return more > 0 ? [...lines, `not applicable for ${count(more, "other reason")}`] : lines;
}

/** The figure of a row, marked where only its order of magnitude is known. */
function figure(row: Row): string {
  return `${isRough(row) ? "~" : ""}${quantity(row.estimate, row.unit)}`;
}

function uncertainty(row: Row): string {
  if (row.trials.length < 2) return "";
  const percent = halfWidth(row) * 100;
  return `±${percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %${
    row.sure === false ? "*" : ""
  }`;
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
