/**
 * Which facility for what: common needs, answered from a run's own figures.
 *
 * @module
 */
import type { About } from "./about.ts";
import { quantity } from "./model/format.ts";
import { byMerit, placementWords, type Row, titled } from "./model/rows.ts";
import { atWords, rowAt, type View, viewOf } from "./model/view.ts";

interface Need {
  words: string;
  workload: string;
  /** What the facility has to be able to do; facilities without a description are left out then. */
  admits?: (semantics: About["semantics"]) => boolean;
  /** The figure that decides, and its name; the estimate unless said otherwise. */
  by?: "p99" | "cpu";
}

const NEEDS: readonly Need[] = [
  { words: "Answer a short request soonest", workload: "round-trip" },
  { words: "… and be seldom late (least p99)", workload: "round-trip", by: "p99" },
  { words: "… at the least CPU time", workload: "round-trip", by: "cpu" },
  {
    words: "… between processes that are not related",
    workload: "round-trip",
    admits: (facility) => facility.identifier !== "none",
  },
  {
    words: "… with whole messages, not a stream",
    workload: "round-trip",
    admits: (facility) => facility.boundaries === "message",
  },
  {
    words: "… watched by poll together with other handles",
    workload: "round-trip",
    admits: (facility) => facility.pollable,
  },
  {
    words: "… in an object that outlives its creator",
    workload: "round-trip",
    admits: (facility) => facility.persistence !== "process",
  },
  { words: "Move the most data", workload: "throughput" },
  {
    words: "… through a descriptor, without sharing memory",
    workload: "throughput",
    admits: (facility) => facility.boundaries === "stream",
  },
  { words: "Wake another process", workload: "hand-off" },
  { words: "Guard data that is seldom contended", workload: "uncontended" },
  { words: "Guard data that is often contended", workload: "contended" },
];

export interface Answer {
  words: string;
  workload: string;
  /** Where it was measured, in words. */
  where: string;
  /** Best first, at most three. */
  choices: { facility: string; label: string; text: string; value: number }[];
}

function candidates(view: View, need: Need, about: ReadonlyMap<string, About>) {
  const worth = (row: Row): number | undefined =>
    need.by === "p99" ? row.percentiles?.p99 : need.by === "cpu" ? row.cpuNs : row.estimate;
  const all = view.series.flatMap((series) => {
    const row = rowAt(view, series);
    const semantics = about.get(series.facility)?.semantics;
    if (!row || worth(row) === undefined) return [];
    if (need.admits && !(semantics && need.admits(semantics))) return [];
    return [{ series, row, value: worth(row)! }];
  });
  all.sort((a, b) => need.by ? a.value - b.value : byMerit(a.row, b.row));
  const seen = new Set<string>();
  return all.filter(({ series: { facility } }) => !seen.has(facility) && seen.add(facility));
}

/** The needs that this run can answer. */
export function answers(rows: readonly Row[], about: ReadonlyMap<string, About>): Answer[] {
  return NEEDS.flatMap((need): Answer[] => {
    const view = viewOf(need.workload, rows);
    if (!view) return [];
    const found = candidates(view, need, about).slice(0, 3);
    if (found.length === 0) return [];
    const at = atWords(view);
    return [{
      words: need.words,
      workload: need.workload,
      where: `${titled(need.workload)} ${placementWords(view.slice.placement)}${at && `, ${at}`}`,
      choices: found.map(({ series, row, value }) => ({
        facility: series.facility,
        label: series.label,
        value,
        text: quantity(value, need.by ? "ns" : row.unit),
      })),
    }];
  });
}
