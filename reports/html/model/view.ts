/**
 * A view: the rows of one workload that the reader's choices leave, and which of them are to be seen.
 *
 * @module
 */
import { type Choices, DEFAULTS } from "./choices.ts";
import { bytes } from "./format.ts";
import {
  byMerit,
  type Dimension,
  dimensionOf,
  inSlice,
  rankedAt,
  type Row,
  sameSlice,
  type Series,
  seriesOf,
  type Slice,
  slicesIn,
  valueAt,
  valuesAlong,
  valueWords,
} from "./rows.ts";

export interface View {
  workload: string;
  slice: Slice;
  /** All rows of the workload in this slice. */
  rows: readonly Row[];
  /** What its rows are laid out along; undefined where nothing but the facility varies. */
  dimension: Dimension | undefined;
  /** Where on the dimension the ranking stands, and the charts of one place. */
  at: number | undefined;
  series: readonly Series[];
  /** Keys of the best series of each facility at that size. */
  leading: ReadonlySet<string>;
  choices: Choices;
}

/** The usual slice of a workload: the first by custom that has nearly as many facilities as any. */
export function usualSlice(rows: readonly Row[], choices: Choices = DEFAULTS): Slice | undefined {
  let slices = slicesIn(rows);
  for (const name of ["placement", "participants"] as const) {
    const wanted = slices.filter((slice) => slice[name] === choices[name]);
    if (wanted.length > 0) slices = wanted;
  }
  const reach = slices.map((slice) => ({
    slice,
    facilities: new Set(rows.filter((row) => inSlice(row, slice)).map((row) => row.facility)).size,
  }));
  const most = Math.max(...reach.map(({ facilities }) => facilities));
  return reach.find(({ facilities }) => facilities >= most * 0.8)?.slice;
}

const grouped = new WeakMap<readonly Row[], Map<string, Row[]>>();

/** The rows of a workload without the controls; pages ask for one workload after the other. */
function ofWorkload(rows: readonly Row[], workload: string): readonly Row[] {
  let groups = grouped.get(rows);
  if (!groups) {
    groups = Map.groupBy(rows.filter(({ control }) => !control), (row) => row.workload);
    grouped.set(rows, groups);
  }
  return groups.get(workload) ?? [];
}

/** The view of one workload; undefined where nothing of it was measured. */
export function viewOf(
  workload: string,
  rows: readonly Row[],
  choices: Choices = DEFAULTS,
  slice?: Slice,
): View | undefined {
  const own = ofWorkload(rows, workload);
  const chosen = slice ?? usualSlice(own, choices);
  if (!chosen) return undefined;
  const inside = own.filter((row) => sameSlice(row, chosen));
  const dimension = dimensionOf(inside);
  const wanted = dimension?.kind === "size" ? choices.size : undefined;
  const at = wanted !== undefined && valuesAlong(inside, dimension).includes(wanted)
    ? wanted
    : rankedAt(inside, dimension);
  const series = seriesOf(inside, dimension);
  return {
    workload,
    slice: chosen,
    rows: inside,
    dimension,
    at,
    series,
    leading: leadingOf(series, dimension, at),
    choices,
  };
}

/** The same view at another place of its dimension. */
export function viewAt(view: View, at: number | undefined): View {
  return { ...view, at, leading: leadingOf(view.series, view.dimension, at) };
}

/** The row of a series that stands at the view's place. */
export function rowAt(view: Pick<View, "dimension" | "at">, series: Series): Row | undefined {
  return series.rows.find((row) => valueAt(row, view.dimension) === view.at);
}

/**
 * The waiting strategies that every region was measured with at one place: where one of them has more
 * than the others, its best would be compared with what they were not given. Null where none is common.
 */
function commonWaits(
  all: readonly Series[],
  dimension: Dimension | undefined,
  at?: number,
): ReadonlySet<string> | null {
  const rows = all.flatMap((series) => rowAt({ dimension, at }, series) ?? [])
    .filter(({ wait }) => wait !== undefined);
  const sets = [...Map.groupBy(rows, ({ facility }) => facility).values()]
    .map((rows) => new Set(rows.map(({ wait }) => wait!)));
  const common = sets.reduce((some, each) => some.intersection(each), sets[0] ?? new Set());
  return common.size > 0 ? common : null;
}

/**
 * Of each facility the series that is best at one place, of those that all could have; of one not
 * measured there, its first. A part, such as one step of a lifecycle, does not stand for the whole.
 */
function leadingOf(all: readonly Series[], dimension: Dimension | undefined, at?: number) {
  const best = new Map<
    string,
    { key: string; row: Row; here: boolean; fair: boolean; parts: number }
  >();
  const common = commonWaits(all, dimension, at);
  for (const series of all) {
    const found = rowAt({ dimension, at }, series);
    const row = found ?? series.rows[0]!;
    const rival = best.get(series.facility);
    const here = found !== undefined;
    const fair = row.wait === undefined || common === null || common.has(row.wait);
    const parts = Object.keys(row.parameters ?? {}).length;
    const better = !rival ||
      (here !== rival.here
        ? here
        : fair !== rival.fair
        ? fair
        : parts !== rival.parts
        ? parts < rival.parts
        : byMerit(row, rival.row) < 0);
    if (better) best.set(series.facility, { key: series.key, row, here, fair, parts });
  }
  return new Set([...best.values()].map(({ key }) => key));
}

/** Whether a series is to be seen: by default the best one of each facility is. */
export function isShown(view: View, series: Pick<Series, "key" | "facility">): boolean {
  const { hide, show } = view.choices;
  if (hide.has(series.facility) || hide.has(series.key)) return false;
  return view.leading.has(series.key) || show.has(series.key);
}

/** Whether a series is not to be listed at all: its facility was taken out, or it was itself. */
export function isHidden(view: View, series: Pick<Series, "key" | "facility">): boolean {
  const { hide } = view.choices;
  return hide.has(series.facility) || hide.has(series.key);
}

/** The view's place in words: `64 B a message`, `2 participants`; empty where there is none. */
export function atWords({ dimension, at, rows }: View): string {
  if (at !== undefined) {
    return valueWords(dimension, at) + (dimension?.kind === "size" ? " a message" : "");
  }
  const size = rows[0]?.sizeBytes;
  return size === undefined ? "" : `${bytes(size)} a message`;
}
