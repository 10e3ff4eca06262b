/**
 * A check in words, for all its renderings.
 *
 * @module
 */
import { quantity } from "../html/model/format.ts";
import { type Column, plain } from "../table.ts";
import type { CheckDocument } from "./document.ts";
import type { ControlRow } from "./controls.ts";
import type { JudgedCell, UnjudgedCell } from "./judge.ts";

/** `1.32 × slower`, `1.10 × faster`. */
export function change(ratio: number): string {
  return ratio >= 1 ? `${ratio.toFixed(2)} × slower` : `${(1 / ratio).toFixed(2)} × faster`;
}

/** `9.32 µs → 12.3 µs`. */
export function figures({ baseline, candidate, unit }: JudgedCell): string {
  return plain(`${quantity(baseline, unit)} → ${quantity(candidate, unit)}`);
}

/** Which trials were compared, and how. */
export function basis({ state, own }: Pick<JudgedCell, "state" | "own">): string {
  const names = { syscallNs: "syscall", spinNs: "spin" };
  if (own) return `by own ${own.map(({ control }) => names[control]).join(" and ")}`;
  return state === null ? "all" : "of one state";
}

/** An interval of ratios. */
export function interval([low, high]: readonly [number, number]): string {
  return `${low.toFixed(2)} – ${high.toFixed(2)}`;
}

export const CELL_COLUMNS: readonly Column<JudgedCell>[] = [
  { title: "change", left: true, text: ({ ratio }) => change(ratio) },
  { title: "95 %", left: true, text: (cell) => interval(cell.interval) },
  {
    title: "beyond",
    left: true,
    text: ({ floor, floorFrom }) => `${floor.toFixed(2)} (${floorFrom})`,
  },
  { title: "figure", left: true, text: figures },
  { title: "trials", left: true, text: basis },
  { title: "cell", left: true, text: ({ id }) => id },
];

export const CONTROL_COLUMNS: readonly Column<ControlRow>[] = [
  {
    title: "control row",
    left: true,
    text: ({ workload, sizeBytes }) =>
      workload.replaceAll("-", " ") + (sizeBytes === undefined ? "" : `, ${sizeBytes} B`),
  },
  { title: "median", text: (row) => measure(row, "median") },
  { title: "total", text: (row) => measure(row, "total") },
  {
    title: "preempted/s",
    text: ({ preempted: { baseline, candidate } }) =>
      `${baseline.toFixed(0)} → ${candidate.toFixed(0)}`,
  },
  { title: "", left: true, text: ({ moved, unmatched }) => unmatched ?? (moved ? "moved" : "") },
];

function measure({ measures }: ControlRow, wanted: "median" | "total"): string {
  const found = measures.find(({ of }) => of === wanted);
  return found ? `${found.ratio.toFixed(2)} × (up to ${found.floor.toFixed(2)})` : "–";
}

/** `281 cells judged, 12 not: 8 trials of other states, 4 ...`. */
export function judgedWords({ counts, notJudged }: CheckDocument): string {
  const judged = `${counts.judged} ${counts.judged === 1 ? "cell" : "cells"} judged`;
  if (notJudged.length === 0) return `${judged}, none left out`;
  const reasons = [...Map.groupBy(notJudged, ({ reason }) => reason)]
    .sort(([, a], [, b]) => b.length - a.length);
  const shown = reasons.slice(0, 5).map(([reason, cells]) => `${cells.length} because ${reason}`);
  const rest = reasons.slice(5).reduce((sum, [, cells]) => sum + cells.length, 0);
  return `${judged}, ${notJudged.length} not: ${shown.join("; ")}` +
    (rest > 0 ? `; ${rest} for other reasons` : "");
}

export function verdictWords({ verdict, reasons }: CheckDocument): string {
  return `${verdict}: ${reasons.join("; ")}`;
}

/** What was held against what. */
export function subject({ baseline, candidate, threshold, confirmation }: CheckDocument): string {
  const runs = baseline.runs.length === 1 ? "1 run" : `${baseline.runs.length} runs`;
  const against = baseline.name === null
    ? `the baseline of ${runs}`
    : `the baseline ${baseline.name} (${runs})`;
  const how = {
    "fresh-trials": "suspects measured again",
    "not-needed": "no suspect to measure again",
    holm: "without confirmation, Holm over all judged cells",
  }[confirmation];
  return `${candidate.id} against ${against}, threshold ${percentage(threshold)}, ${how}`;
}

export function percentage(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

export function differenceWords({ differences }: CheckDocument): string {
  return differences.map((each) => `${each.fact} ${each.baseline} → ${each.candidate}`).join(", ");
}

/** What else ran while the candidate was measured; empty where it was quiet or is not known. */
export function disturbanceWords({ disturbance }: CheckDocument): string {
  if (disturbance === null) return "";
  const parts: string[] = [];
  const steal = Math.max(0, ...disturbance.cpus.map((cpu) => cpu.steal));
  if (steal > 0.005) parts.push(`up to ${percentage(steal)} of a CPU stolen by the hypervisor`);
  const { throttling } = disturbance;
  if (throttling && throttling.periods > 0) {
    parts.push(`the CPU quota ran out ${throttling.periods} times`);
  }
  if (disturbance.loadAverage > disturbance.cpus.length) {
    parts.push(`load average ${disturbance.loadAverage.toFixed(1)}`);
  }
  return parts.join(", ");
}

export function unjudgedOf(document: CheckDocument, kind: UnjudgedCell["kind"]): UnjudgedCell[] {
  return document.notJudged.filter((cell) => cell.kind === kind);
}

/** Title of the list of the baseline's cells that the candidate lacks. */
export const LOST_TITLE = "In the baseline, but not measured by the candidate";
