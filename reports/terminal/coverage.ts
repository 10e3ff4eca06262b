/**
 * Which tables a terminal gets: the usual one of each workload, and as many more as it takes to show
 * what the user named.
 *
 * @module
 */
import type { RunDocument } from "../../workloads/runner/document.ts";
import { DEFAULTS } from "../html/model/choices.ts";
import { type Place, rankingOf } from "../html/model/ranking.ts";
import { type Row, sameSlice, type Slice, slicesIn, valuesAlong } from "../html/model/rows.ts";
import { usualSlice, type View, viewAt, viewOf } from "../html/model/view.ts";

/** The rows ranked at one place of a table's dimension, such as a message size. */
export interface Group {
  readonly at: number | undefined;
  readonly places: readonly Place[];
}

/** One table: a workload in one slice, its places in ascending order. */
export interface Table {
  readonly view: View;
  readonly groups: readonly Group[];
}

/** The dimensions of which every value is to be shown, beside the facilities. */
export interface Wanted {
  readonly named: ReadonlySet<NonNullable<RunDocument["settings"]["named"]>[number]>;
  /** Everything, whether it was named or not. */
  readonly all: boolean;
}

/** The tables of one workload, the usual slice first; none where nothing of it was measured. */
export function tablesOf(workload: string, rows: readonly Row[], wanted: Wanted): Table[] {
  const own = rows.filter((row) => row.workload === workload && !row.control);
  const usual = usualSlice(own);
  if (!usual) return [];
  const further = wanted.all || wanted.named.size > 0;
  const covered = new Set<string>();
  const tables: Table[] = [];
  for (const slice of [usual, ...slicesIn(own).filter((each) => !sameSlice(each, usual))]) {
    const view = viewOf(workload, rows, DEFAULTS, slice)!;
    const values = valuesAlong(view.rows, view.dimension).filter((value) => value !== view.at);
    const groups: Group[] = [];
    for (const at of [view.at, ...values]) {
      const isUsual = sameSlice(slice, usual) && at === view.at;
      if (!isUsual && !further) continue;
      const places = shownAt(viewAt(view, at), wanted);
      const keys = places.map(({ row }) => keyOf(row, wanted));
      if (places.length === 0 || !isUsual && keys.every((key) => covered.has(key))) continue;
      for (const key of keys) covered.add(key);
      groups.push({ at, places });
    }
    groups.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
    if (groups.length > 0) tables.push({ view, groups });
  }
  return tables;
}

/** The ranking at a view's place, with every series that is wanted. */
function shownAt(view: View, { named, all }: Wanted): Place[] {
  if (all) return rankingOf(view, { everySeries: true }).places;
  const waits = view.series.filter(({ wait }) => wait !== undefined).map(({ key }) => key);
  const show = named.has("waits") ? new Set(waits) : view.choices.show;
  return rankingOf({ ...view, choices: { ...view.choices, show } }).places;
}

/** Rows with the same key stand for each other: one of them is to be shown. */
function keyOf(row: Row, { named, all }: Wanted): string {
  if (all) return row.id;
  return JSON.stringify([
    row.facility,
    named.has("sizes") && row.sizeBytes,
    named.has("waits") && row.wait,
    named.has("participants") && row.participants,
    named.has("placements") && row.placement,
  ]);
}

/** A row of each facility that no table shows, from its first slice and place. */
export function leftOut(
  workload: string,
  rows: readonly Row[],
  tables: readonly Table[],
): { readonly place: Place; readonly slice: Slice; readonly view: View }[] {
  const own = rows.filter((row) => row.workload === workload && !row.control);
  const seen = new Set(
    tables.flatMap(({ groups }) => groups.flatMap(({ places }) => places))
      .map(({ row }) => row.facility),
  );
  return slicesIn(own).flatMap((slice) => {
    const view = viewOf(workload, rows, DEFAULTS, slice)!;
    const values = valuesAlong(view.rows, view.dimension).filter((value) => value !== view.at);
    return [view.at, ...values].flatMap((at) => {
      const there = viewAt(view, at);
      const places = rankingOf(there).places.filter(({ row }) => !seen.has(row.facility));
      for (const { row } of places) seen.add(row.facility);
      return places.map((place) => ({ place, slice, view: there }));
    });
  });
}
