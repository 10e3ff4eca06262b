/**
 * The ranking of one workload: which facility is best, by how much, and at what cost.
 *
 * @module
 */
import { byMerit, type Row, type Slice, timesWorse } from "./rows.ts";
import { atWords, isHidden, isShown, rowAt, type View } from "./view.ts";

export interface Place {
  /** 1 for the best; places whose intervals reach the leader's share its rank. */
  rank: number;
  label: string;
  row: Row;
  /** How many times worse than the baseline, which is the best unless the reader chose another. */
  times: number;
}

export interface Ranking {
  workload: string;
  slice: Slice;
  /** The size or other value at which it stands, in words; empty for a workload without. */
  at: string;
  places: Place[];
  /** Title of the facility that the others are compared with, where the reader chose one. */
  baseline?: string;
  /** Labels of what was measured in this slice, but not at this value. */
  elsewhere: string[];
}

/** Ranks the series to be seen; with `everySeries` all, as where waiting strategies are compared. */
export function rankingOf(view: View, { everySeries = false } = {}): Ranking {
  const listed = view.series.filter((series) =>
    everySeries ? !isHidden(view, series) : isShown(view, series)
  );
  const found: { label: string; row: Row }[] = [];
  const elsewhere: string[] = [];
  for (const series of listed) {
    const row = rowAt(view, series);
    if (row) found.push({ label: series.label, row });
    else elsewhere.push(series.label);
  }
  found.sort((a, b) => byMerit(a.row, b.row));
  const chosen = found.find(({ row }) => row.facility === view.choices.baseline)?.row;
  const base = chosen ?? found[0]?.row;
  let leader: Row | undefined;
  let rank = 0;
  const places = found.map(({ label, row }, index): Place => {
    const level = leader !== undefined &&
      (row.better === "lower" ? row.ci95[0] <= leader.ci95[1] : row.ci95[1] >= leader.ci95[0]);
    if (!level) {
      leader = row;
      rank = index + 1;
    }
    return { rank, label, row, times: timesWorse(row, base!) };
  });
  const { workload, slice } = view;
  const at = atWords(view);
  const baseline = chosen?.title;
  return { workload, slice, at, places, baseline, elsewhere };
}
