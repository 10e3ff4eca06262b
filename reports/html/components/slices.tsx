/**
 * The slices of a workload that a page does not show by default, as plain tables.
 *
 * @module
 */
import { DEFAULTS } from "../model/choices.ts";
import { rankingOf } from "../model/ranking.ts";
import { type Row, sameSlice, slicesIn, titled } from "../model/rows.ts";
import { viewOf } from "../model/view.ts";
import { RankingTable } from "./ranking.tsx";

/** For readers without scripts, and for paper. */
export function OtherSlices({ workload, rows }: { workload: string; rows: readonly Row[] }) {
  const usual = viewOf(workload, rows)?.slice;
  const others = slicesIn(rows.filter((row) => row.workload === workload)).filter((slice) =>
    !usual || !sameSlice(slice, usual)
  );
  if (others.length === 0) return null;
  return (
    <details class="others">
      <summary>Rankings in the other placements</summary>
      {others.map((slice) => {
        const view = viewOf(workload, rows, DEFAULTS, slice);
        return view && <RankingTable ranking={rankingOf(view)} title={titled(workload)} />;
      })}
    </details>
  );
}
