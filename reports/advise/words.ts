/**
 * A question and its answer in sentences, for terminals and pages alike.
 *
 * @module
 */
import { bytes, count, list, quantity, times } from "../html/model/format.ts";
import { placementWords, titled } from "../html/model/rows.ts";
import type { Answer, Ranked, Shown } from "./answer.ts";
import { NEEDS, PATTERNS, type Requirements } from "./requirements.ts";

/** What is asked, as a heading: `A request and its reply, 64 B a message`. */
export function questionWords({ pattern, sizeBytes }: Requirements): string {
  const { words } = PATTERNS[pattern];
  const size = sizeBytes === undefined ? "" : `, ${bytes(sizeBytes)} a message`;
  return words.charAt(0).toUpperCase() + words.slice(1) + size;
}

/** The needs, the rate and the budget, one a line; empty where nothing more is asked. */
export function needsWords({ needs, perSecond, cpuShare }: Requirements): string[] {
  const words = NEEDS.filter(([id]) => needs.includes(id)).map(([, words]) => words);
  if (perSecond === undefined) return words;
  const budget = cpuShare === undefined ? "" : ` at no more than ${share(cpuShare)} of a CPU`;
  return [...words, `${rate(perSecond)}${budget}`];
}

/** What the ranking is of: `Round trip on one CPU, between processes`. */
export function basisWords({ workload, slice, question }: Answer): string {
  const { remark } = PATTERNS[question.pattern];
  const where = slice
    ? ` ${placementWords(slice.placement)}, ${
      slice.participants === "thread" ? "between threads" : "between processes"
    }${slice.awake ? ", CPUs kept awake" : ""}`
    : "";
  return titled(workload) + where + (remark ? ` (${remark})` : "");
}

/** Who is best, who is level with it, and how far the next one is behind. */
export function answerWords({ ranked, unmeasured }: Answer): string {
  const [best] = ranked;
  if (!best) {
    return unmeasured.length > 0
      ? `${count(unmeasured.length, "facility").replace(/(\d+) facilitys/, "$1 facilities")} ` +
        "would do, but nothing of them was measured."
      : "No facility will do: each is left out by what it is.";
  }
  const level = ranked.filter(({ rank }) => rank === best.rank);
  const next = ranked.find(({ rank }) => rank !== best.rank);
  const figure = quantity(best.estimate, best.unit);
  const head = level.length === 1
    ? `${best.label} is best: ${figure}`
    : `${among(level)} tie: their 95 % intervals reach that of the best, ${best.label}, ${figure}`;
  const then = next ? `; then ${next.label} at ${times(next.times)}` : "";
  const missing = unmeasured.filter(({ reason }) => reason === null).length;
  const doubts = [
    best.sure ? null : "there were too few trials for intervals",
    missing > 0 ? `${missing} more would do and were not measured` : null,
  ].filter((doubt) => doubt !== null);
  return `${head}${then}${doubts.length > 0 ? ` (${doubts.join("; ")})` : ""}.`;
}

const NAMED = 4;

function among(level: readonly Ranked[]): string {
  if (level.length <= NAMED) return list(level.map(({ label }) => label));
  return `${level[0]!.label} and ${level.length - 1} others`;
}

/** `10 k/s`. */
export function rate(perSecond: number): string {
  const [divisor, unit] = perSecond >= 1e6
    ? [1e6, "M/s"]
    : perSecond >= 1e3
    ? [1e3, "k/s"]
    : [1, "/s"];
  return `${Number((perSecond / divisor).toPrecision(3))}\u00a0${unit}`;
}

export function share(value: number): string {
  return `${Number((value * 100).toPrecision(2))}\u00a0%`;
}

/** Half the interval in percent of the estimate: `±3.1 %`. */
export function uncertainty({ estimate, ci95: [low, high], sure }: Ranked): string {
  if (!sure) return "too few trials";
  const half = (high - low) / 2 / estimate * 100;
  return `±${half < 9.95 ? half.toFixed(1) : Math.round(half)}\u00a0%`;
}

const SHOWN: Readonly<Record<Shown["verdict"], string>> = {
  holds: "holds",
  fails: "fails here",
  unknown: "could not be tried here",
  untried: "not tried here",
};

export function shownWords({ id, verdict }: Shown): string {
  return `${id} ${SHOWN[verdict]}`;
}

/** How the same is asked on the command line. */
export function commandOf(question: Requirements): string {
  const { pattern, sizeBytes, needs, perSecond, cpuShare, placement } = question;
  return [
    `deno task advise --pattern ${pattern}`,
    sizeBytes === undefined ? "" : ` --size ${sizeBytes}`,
    ...needs.map((need) => ` --${need}`),
    perSecond === undefined ? "" : ` --rate ${perSecond}/s`,
    cpuShare === undefined ? "" : ` --cpu-budget ${Number((cpuShare * 100).toPrecision(6))}%`,
    placement === undefined ? "" : ` --placement ${placement}`,
  ].join("");
}
