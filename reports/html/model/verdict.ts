/**
 * What a run says, in two sentences made from its figures.
 *
 * @module
 */
import { list, quantity, times } from "./format.ts";
import { type Ranking, rankingOf } from "./ranking.ts";
import { intervalsOverlap, placementWords, type Row, titled, workloadsIn } from "./rows.ts";
import { viewOf } from "./view.ts";

/** The ranking of a workload in its usual slice. */
export function usualRanking(workload: string, rows: readonly Row[]): Ranking | undefined {
  const view = viewOf(workload, rows);
  return view && rankingOf(view);
}

/** A series in running text: `memfd (futex)`. */
function spoken(label: string): string {
  const [facility, ...details] = label.split(" · ");
  return details.length === 0 ? facility! : `${facility} (${details.join(", ")})`;
}

/** `the fastest round trip with 64 B a message on one CPU`, as the subject of a sentence. */
function subject({ workload, slice, at, places }: Ranking): string {
  const name = titled(workload).toLowerCase();
  const most = places[0]!.row.better === "lower" ? "the fastest" : "the highest";
  return `${most} ${name}${at && ` with ${at}`} ${placementWords(slice.placement)}`;
}

function sentence(ranking: Ranking): string {
  const { places } = ranking;
  const first = places[0]!;
  const of = `${capital(subject(ranking))} is that of ${spoken(first.label)}, ${
    quantity(first.row.estimate, first.row.unit)
  }`;
  const level = places.slice(1).filter((place) => intervalsOverlap(place.row, first.row));
  const doubtful = [first, ...level].some(({ row }) => row.sure === false);
  const next = places.find((place, index) => index > 0 && !level.includes(place));
  const parts = [of];
  if (level.length > 0) {
    const names = level.length > 3
      ? `${level.length} others`
      : list(level.map((place) => spoken(place.label)));
    const why = doubtful
      ? "the ranges of their trials overlap, which are too few for intervals"
      : "95 % intervals overlap";
    parts.push(`with ${names} level (${why})`);
  }
  if (next) {
    const gap = Math.max(next.times / first.times, 1);
    parts.push(`${level.length ? "then" : "ahead of"} ${spoken(next.label)} at ${times(gap)}`);
  }
  const last = places.at(-1)!;
  if (last !== next && places.length > 2) {
    const gap = times(last.times / first.times);
    parts.push(`and ${spoken(last.label)} last of ${places.length} at ${gap}`);
  }
  const doubt = level.length === 0 && [first, next].some((place) => place?.row.sure === false)
    ? " (too few trials for intervals)"
    : "";
  return parts.join(", ") + doubt + ".";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
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
