/**
 * The headline figures of many runs over time, for the history page.
 *
 * @module
 */
import type { CurveChart } from "./charts.ts";
import { slug } from "./charts.ts";
import type { Choices } from "./choices.ts";
import { count, moment, quantity, times } from "./format.ts";
import { type Row, titled } from "./rows.ts";

/** A step in one line, found while the page was made. */
export interface Step {
  /** Index of the first run at the new level. */
  at: number;
  before: number;
  after: number;
  p: number;
  /** What else changed with it, in words. */
  with: readonly string[];
}

export interface TrendLine {
  key: string;
  workload: string;
  facility: string;
  label: string;
  unit: Row["unit"];
  better: Row["better"];
  /** Estimate, low and high of each run; null where it was not measured. */
  figures: ([number, number, number] | null)[];
  steps: Step[];
}

/** What was different from one run to the next, beside the figures. */
export interface Turn {
  at: number;
  words: string;
}

export interface HistoryData {
  runs: { id: string; startedAt: string }[];
  lines: TrendLine[];
  turns: Turn[];
  /** Slice and place of each workload's lines, in words. */
  places: Record<string, string>;
}

export function worse(line: TrendLine, step: Step): number {
  return line.better === "lower" ? step.after / step.before : step.before / step.after;
}

/** The lines of one workload over time. */
export function trendChart(
  data: HistoryData,
  workload: string,
  choices: Choices,
): CurveChart | null {
  const own = data.lines.filter((line) => line.workload === workload);
  const sample = own[0];
  if (!sample || data.runs.length < 2) return null;
  const shown = (line: TrendLine) =>
    !choices.hide.has(line.facility) && !choices.hide.has(line.key);
  const when = data.runs.map(({ startedAt }) => Date.parse(startedAt));
  const steps = own.filter(shown).flatMap((line) => line.steps.map((step) => ({ line, step })));
  const summary =
    `${count(own.length, "series")} over ${count(data.runs.length, "run")} from ${
      moment(data.runs[0]!.startedAt)
    } to ${moment(data.runs.at(-1)!.startedAt)}. ` + (steps.length === 0
      ? "No step was found."
      : `${count(steps.length, "step")} found, the latest in ${
        [...steps].sort((a, b) => b.step.at - a.step.at)[0]!.line.label
      }.`);
  return {
    kind: "curve",
    id: `trend-${slug(workload)}`,
    topic: "trend",
    context: `${titled(workload)} ${data.places[workload] ?? ""}`.trim(),
    wide: true,
    title: `${titled(workload)} over time`,
    summary,
    reading:
      "Each point is a run with its 95 % interval. Vertical lines mark runs before which the " +
      "kernel, Deno, the suite, its settings or the host changed. Rings mark steps to another " +
      "level, found by E-divisive: the same that history trend prints.",
    joined: true,
    x: { label: "Start of the run", scale: "time", unit: "time" },
    y: { label: titled(workload), scale: "log", unit: sample.unit },
    turns: data.turns.map((turn) => ({ x: when[turn.at]!, words: turn.words })),
    lines: own.map((line) => ({
      key: line.key,
      label: line.label,
      facility: line.facility,
      shown: shown(line),
      spare: false,
      points: line.figures.flatMap((figure, index) => {
        if (!figure) return [];
        const step = line.steps.find((step) => step.at === index);
        return [{
          x: when[index]!,
          y: figure[0],
          yRange: [figure[1], figure[2]] as const,
          ring: step !== undefined,
          notes: [
            moment(data.runs[index]!.startedAt),
            `${quantity(figure[0], line.unit)} (95 %: ${quantity(figure[1], line.unit)} – ${
              quantity(figure[2], line.unit)
            })`,
            ...(step
              ? [`Step: ${quantity(step.before, line.unit)} → ${quantity(step.after, line.unit)}`]
              : []),
          ],
        }];
      }),
    })),
    table: {
      columns: ["Series", "First run", "Last run", "Last against first", "Steps"],
      rows: own.filter(shown).map((line) => {
        const known = line.figures.filter((figure) => figure !== null);
        const first = known[0]![0];
        const last = known.at(-1)![0];
        const ratio = line.better === "lower" ? last / first : first / last;
        return {
          head: line.label,
          facility: line.facility,
          cells: [
            { text: quantity(first, line.unit), value: first },
            { text: quantity(last, line.unit), value: last },
            { text: times(ratio), value: ratio },
            { text: String(line.steps.length), value: line.steps.length },
          ],
        };
      }),
    },
  };
}
