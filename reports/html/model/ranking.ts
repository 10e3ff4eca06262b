/**
 * The ranking of one workload: which facility is best, by how much, and at what cost.
 *
 * @module
 */
import { byMerit, rankedSize, type Row, seriesOf, type Slice, timesWorse } from "./rows.ts";

export interface Place {
  /** 1 for the best; places whose intervals overlap share the better one's rank. */
  rank: number;
  label: string;
  row: Row;
  /** How many times worse than the best. */
  times: number;
}

export interface Ranking {
  workload: string;
  slice: Slice;
  sizeBytes: number | undefined;
  places: Place[];
  /** Labels of the facilities that were measured in this slice, but not at this size. */
  elsewhere: string[];
}

/**
 * Ranks the best series of each facility; `everySeries` ranks them all, as where the waiting strategies
 * of a region are to be told apart.
 */
export function rankingOf(
  workload: string,
  slice: Slice,
  rows: readonly Row[],
  { sizeBytes = rankedSize(rows), everySeries = false }: {
    sizeBytes?: number;
    everySeries?: boolean;
  } = {},
): Ranking {
  const places: { label: string; row: Row }[] = [];
  const elsewhere = new Map<string, string>();
  for (const series of seriesOf(rows)) {
    const row = series.rows.find((row) => row.sizeBytes === sizeBytes);
    if (row) places.push({ label: series.label, row });
    else elsewhere.set(series.facility, series.label);
  }
  places.sort((a, b) => byMerit(a.row, b.row));
  const best = new Set<string>();
  const kept = places.filter(({ row }) => {
    if (everySeries) return true;
    // A facility whose participants differ in number is a matter of its own for each number.
    const key = `${row.facility}\0${row.count}\0${JSON.stringify(row.parameters ?? {})}`;
    return !best.has(key) && best.add(key);
  });
  for (const { row } of kept) elsewhere.delete(row.facility);
  const first = kept[0]?.row;
  let leader: Row | undefined;
  let rank = 0;
  return {
    workload,
    slice,
    sizeBytes,
    elsewhere: [...elsewhere.values()],
    places: kept.map(({ label, row }, index) => {
      const level = leader !== undefined &&
        (row.better === "lower" ? row.ci95[0] <= leader.ci95[1] : row.ci95[1] >= leader.ci95[0]);
      if (!level) {
        leader = row;
        rank = index + 1;
      }
      return { rank, label, row, times: timesWorse(row, first!) };
    }),
  };
}
