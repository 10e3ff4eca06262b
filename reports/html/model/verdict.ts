/**
 * What a run says, in two sentences made from its figures.
 *
 * @module
 */
import { bytes, quantity, times } from "./format.ts";
import { lookOf } from "./appearance.ts";
import { type Ranking, rankingOf } from "./ranking.ts";
import {
  inSlice,
  intervalsOverlap,
  placementWords,
  type Row,
  slicesIn,
  titled,
  workloadsIn,
} from "./rows.ts";

/** The usual slice of a workload: the first by custom that has nearly as many rows as any. */
export function usualSlice(rows: readonly Row[]) {
  const slices = slicesIn(rows).map((slice) => ({
    slice,
    facilities: new Set(
      rows.filter((row) => inSlice(row, slice)).map((row) => row.facility),
    ).size,
  }));
  const most = Math.max(...slices.map(({ facilities }) => facilities));
  return slices.find(({ facilities }) => facilities >= most * 0.8)?.slice;
}

/** The ranking of a workload in its usual slice. */
export function usualRanking(workload: string, rows: readonly Row[]): Ranking | undefined {
  const own = rows.filter((row) => row.workload === workload && !row.control);
  const slice = usualSlice(own);
  if (!slice) return undefined;
  return rankingOf(workload, slice, own.filter((row) => inSlice(row, slice)));
}

/** A series in running text: `memfd with futex`. */
function spoken(label: string): string {
  return label.replace(" · ", " with ").replaceAll(" · ", ", ");
}

function sentence({ workload, slice, sizeBytes, places }: Ranking): string {
  const [first, second] = places;
  if (!first) return "";
  const name = titled(workload).toLowerCase();
  const size = sizeBytes === undefined ? "" : ` with ${bytes(sizeBytes)} a message`;
  const lead =
    `${spoken(first.label)} leads in ${name} ${placementWords(slice.placement)}${size}: ` +
    quantity(first.row.estimate, first.row.unit);
  if (!second) return `${lead}; nothing else was measured there.`;
  const next = `${spoken(second.label)} (${quantity(second.row.estimate, second.row.unit)})`;
  const gap = intervalsOverlap(first.row, second.row)
    ? `level with ${next}, as their 95 % intervals overlap`
    : `${times(second.times)} better than ${next}`;
  const last = places.at(-1)!;
  if (last === second) return `${lead}, ${gap}.`;
  return `${lead}, ${gap}, and ${times(last.times)} better than ${
    lookOf(last.row.facility).title
  }, the last of ${places.length}.`;
}

/** Two sentences on what was measured; fewer where too little was. */
export function verdictOf(rows: readonly Row[], cells: readonly { status: string }[]): string[] {
  const rankings = workloadsIn(rows.filter((row) => !row.control)).map((workload) =>
    usualRanking(workload, rows)
  ).filter((ranking) => ranking !== undefined && ranking.places.length > 0) as Ranking[];
  if (rankings.length === 0) return ["Nothing was measured."];
  const by = (id: string) => rankings.find((ranking) => ranking.workload === id);
  const first = by("round-trip") ?? rankings[0]!;
  const second = by("throughput") ?? rankings.find((ranking) => ranking !== first);
  const sentences = [sentence(first)];
  if (second && second !== first) sentences.push(sentence(second));
  else {
    const measured = cells.filter((cell) => cell.status === "measured").length;
    sentences.push(`${measured} of ${cells.length} cells were measured.`);
  }
  return sentences;
}
