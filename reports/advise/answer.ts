/**
 * Answers which facility to use: what a question admits by declarations that claims hold to, ranked as
 * a run measured it.
 *
 * Plain data in, plain data out: the same code answers on the command line and in a page.
 *
 * @module
 */
import type { ClaimVerdict } from "../../workloads/runner/document.ts";
import { DEFAULTS } from "../html/model/choices.ts";
import { byMerit, inSlice, type Row, type Slice, timesWorse } from "../html/model/rows.ts";
import { usualSlice } from "../html/model/view.ts";
import { asVariant, type Declaration, type DeclaredVariant, liesInMemory } from "./declaration.ts";
import { PATTERNS, type Requirements } from "./requirements.ts";
import { objectionTo, reliedOn } from "./rules.ts";
import { rate, share } from "./words.ts";

/** What of a run an answer is made from. */
export interface Basis {
  /** Measured cells. */
  readonly rows: readonly Row[];
  /** Cells that have no figure, and why. */
  readonly obstacles: readonly Obstacle[];
  readonly verdicts: readonly Verdict[];
}

export interface Obstacle {
  readonly facility: string;
  readonly workload: string;
  readonly sizeBytes?: number;
  readonly participants: "process" | "thread";
  readonly reason: string;
}

export type Verdict = Pick<ClaimVerdict, "id" | "facility" | "verdict">;

/**
 * A claim that an answer rests on; `untried` where no experiment was made here, `unknown` where one
 * could not be.
 */
export interface Shown {
  readonly id: string;
  readonly verdict: "holds" | "fails" | "unknown" | "untried";
}

/** One facility that will do, by its best series that does. */
export interface Ranked {
  /** 1 for the best; those whose intervals reach the leader's share its rank. */
  readonly rank: number;
  /** Whether it shares its rank. */
  readonly tie: boolean;
  readonly facility: string;
  /** The facility, its variant and its way of waiting. */
  readonly label: string;
  readonly cell: string;
  readonly unit: Row["unit"];
  readonly better: Row["better"];
  readonly estimate: number;
  readonly ci95: readonly [number, number];
  /** False where there were too few trials for a 95 % interval; `ci95` is then their range. */
  readonly sure: boolean;
  /** How many times worse than the best. */
  readonly times: number;
  /** Operations a second, one after the other. */
  readonly perSecond: number;
  /** CPU time of all participants an operation. */
  readonly cpuNsPerOp?: number;
  /** Share of one CPU that all participants take at the rate that was asked for. */
  readonly cpuShare?: number;
  readonly limits: readonly string[];
  readonly notes: readonly string[];
  /** The claims by which its declarations hold. */
  readonly claims: readonly Shown[];
}

/** A facility that will do, of which there is no figure. */
export interface Unmeasured {
  readonly facility: string;
  readonly title: string;
  /** Why there is none; null where it was only not measured yet. */
  readonly reason: string | null;
  readonly limits: readonly string[];
}

/** A facility that will not do, and the single reason. */
export interface Excluded {
  readonly facility: string;
  readonly title: string;
  /** `pattern`, `size`, a need, `rate` or `cpu-budget`. */
  readonly rule: string;
  readonly reason: string;
  /** What shows it: a claim, or a cell that was measured. */
  readonly claim: Shown | null;
  readonly cell: string | null;
}

export interface Answer {
  readonly question: Requirements;
  readonly workload: string;
  /** Where it was measured; null where nothing was. */
  readonly slice: Slice | null;
  readonly ranked: readonly Ranked[];
  readonly unmeasured: readonly Unmeasured[];
  readonly excluded: readonly Excluded[];
}

/** Answers one question. */
export function advise(
  question: Requirements,
  facilities: readonly Declaration[],
  basis: Basis,
): Answer {
  const { workload } = PATTERNS[question.pattern];
  const own = cellsFor(question, basis.rows);
  const usual = usualSlice(own, { ...DEFAULTS, placement: question.placement });
  const slice = usual && usual.placement === (question.placement ?? usual.placement) ? usual : null;
  const rows = slice ? own.filter((row) => inSlice(row, slice)) : [];
  const found: { facility: Declaration; row: Row; worth: Worth }[] = [];
  const unmeasured: Unmeasured[] = [];
  const excluded: Excluded[] = [];
  for (const facility of facilities) {
    const objection = objectionOf(facility, question, basis.verdicts);
    if (objection) {
      if (!facility.beside) excluded.push(objection);
      continue;
    }
    const candidates = rows.filter((row) =>
      row.facility === facility.id && fits(row, facility, question)
    )
      .sort(byMerit).map((row) => ({ facility, row, worth: worthOf(row, facility, question) }));
    const good = candidates.find(({ worth }) => worth.fault === null);
    if (good) found.push(good);
    else if (candidates[0]) excluded.push(tooSlow(candidates[0]));
    else unmeasured.push(missing(facility, question, basis));
  }
  return {
    question,
    workload,
    slice,
    ranked: ranked(found.sort((a, b) => byMerit(a.row, b.row)), question, basis.verdicts),
    unmeasured,
    excluded,
  };
}

/** Facilities that would do and whose cell a run could have, but this one has not. */
export function toMeasure({ unmeasured }: Answer): string[] {
  return unmeasured.filter(({ reason }) => reason === null).map(({ facility }) => facility);
}

/** The cells that a question is about, wherever they were measured. */
function cellsFor({ pattern, sizeBytes, needs }: Requirements, rows: readonly Row[]): Row[] {
  const { workload, count } = PATTERNS[pattern];
  const participants = needs.includes("threads") ? "thread" : "process";
  return rows.filter((row) =>
    row.workload === workload && !row.control && row.participants === participants &&
    row.sizeBytes === sizeBytes && (count === undefined || row.count === count)
  );
}

/** Against a facility: an objection to each of its variants, or a claim that fails. */
function objectionOf(
  facility: Declaration,
  question: Requirements,
  verdicts: readonly Verdict[],
): Excluded | null {
  const { id, title } = facility;
  const objection = admitted(facility, question).length > 0
    ? null
    : objectionTo(facility, question) ??
      objectionTo(asVariant(facility, facility.variants[0]!), question);
  if (objection) {
    const { rule, reason, claim } = objection;
    const claimed = shown(claim, id, verdicts);
    return { facility: id, title, rule, reason, claim: claimed, cell: null };
  }
  for (const { rule, claim } of reliedOn(facility, question)) {
    const claimed = shown(claim, id, verdicts);
    if (claimed.verdict !== "fails") continue;
    const reason = "it declares that it will do, but the experiment failed on this machine";
    return { facility: id, title, rule, reason, claim: claimed, cell: null };
  }
  return null;
}

/** The variants that will do; for a facility without any, itself. */
function admitted(facility: Declaration, question: Requirements): (DeclaredVariant | null)[] {
  if (facility.variants.length === 0) return objectionTo(facility, question) ? [] : [null];
  return facility.variants.filter((each) => !objectionTo(asVariant(facility, each), question));
}

function shown(id: string, facility: string, verdicts: readonly Verdict[]): Shown {
  const own = verdicts.filter((each) => each.id === id && each.facility === facility)
    .map(({ verdict }) => verdict);
  const found = own.find((verdict) => verdict === "holds" || verdict === "fails");
  return { id, verdict: found ?? (own.includes("unknown") ? "unknown" : "untried") };
}

/** Ways of waiting for a change of shared memory that not everybody can use. */
const WAITS: Readonly<Record<string, readonly ("unrelated" | "other-users")[]>> = {
  eventfd: ["unrelated", "other-users"],
  pipe: ["unrelated", "other-users"],
  "realtime-signal": ["other-users"],
};

/** Whether a series is of a variant, and a way of waiting, that will do. */
function fits(row: Row, facility: Declaration, question: Requirements): boolean {
  const variants = admitted(facility, question);
  if (row.variant !== undefined && !variants.some((each) => each?.id === row.variant)) return false;
  return !(WAITS[row.wait ?? ""] ?? []).some((need) => question.needs.includes(need));
}

/** What a series is worth at the rate that was asked for. */
interface Worth {
  readonly perSecond: number;
  readonly cpuShare?: number;
  readonly fault: { readonly rule: "rate" | "cpu-budget"; readonly reason: string } | null;
}

function worthOf(row: Row, facility: Declaration, question: Requirements): Worth {
  const each = perSecond(row, row.estimate);
  const { perSecond: wanted, cpuShare: budget } = question;
  if (wanted === undefined) return { perSecond: each, fault: null };
  const spins = row.wait === "spin" ||
    (facility.variants.find(({ id }) => id === row.variant)?.spins ?? false);
  // Who spins takes a whole CPU, whatever comes.
  const used = row.cpuNs === undefined ? undefined : row.cpuNs * wanted / 1e9;
  const cpuShare = spins ? Math.max(1, used ?? 0) : used;
  const fault = each < wanted
    ? {
      rule: "rate" as const,
      reason: `it was measured at ${rate(each)}, less than ${rate(wanted)}`,
    }
    : budget !== undefined && cpuShare !== undefined && cpuShare > budget
    ? {
      rule: "cpu-budget" as const,
      reason: `at ${rate(wanted)} it takes ${share(cpuShare)} of a CPU${
        spins ? ", for it spins" : ""
      }, more than ${share(budget)}`,
    }
    : null;
  return { perSecond: each, fault, ...(cpuShare !== undefined && { cpuShare }) };
}

/** How often a second a figure lets it be done. */
function perSecond({ unit, sizeBytes = 1 }: Row, figure: number): number {
  if (unit === "ns") return 1e9 / figure;
  return unit === "bytes/s" ? figure / sizeBytes : figure;
}

function tooSlow(
  { facility, row, worth }: { facility: Declaration; row: Row; worth: Worth },
): Excluded {
  const { rule, reason } = worth.fault!;
  const { id, title } = facility;
  return { facility: id, title, rule, reason, claim: null, cell: row.id };
}

/** Of a facility that will do: why there is no figure of it. */
function missing(
  facility: Declaration,
  question: Requirements,
  { obstacles, rows }: Basis,
): Unmeasured {
  const { workload } = PATTERNS[question.pattern];
  const { id, title } = facility;
  const threads = question.needs.includes("threads");
  const own = obstacles.filter((each) =>
    each.facility === id && each.workload === workload &&
    (each.participants === "thread") === threads
  );
  // What speaks against all cells alike is said of one.
  const measured = rows.some((row) => row.facility === id && row.workload === workload);
  const reason = own.find(({ sizeBytes }) => sizeBytes === question.sizeBytes)?.reason ??
    (measured ? undefined : own[0]?.reason) ??
    (facility.usualParticipants === "thread" && !threads
      ? "the suite measures it between threads: its processes are not forked from one another"
      : null);
  return { facility: id, title, reason, limits: limitsOf(facility, question) };
}

function ranked(
  found: readonly { facility: Declaration; row: Row; worth: Worth }[],
  question: Requirements,
  verdicts: readonly Verdict[],
): Ranked[] {
  let leader: Row | undefined;
  let rank = 0;
  const ranks = found.map(({ row }, index) => {
    const level = leader !== undefined &&
      (row.better === "lower" ? row.ci95[0] <= leader.ci95[1] : row.ci95[1] >= leader.ci95[0]);
    if (!level) {
      leader = row;
      rank = index + 1;
    }
    return rank;
  });
  return found.map(({ facility, row, worth }, index): Ranked => ({
    rank: ranks[index]!,
    tie: ranks.filter((each) => each === ranks[index]).length > 1,
    facility: facility.id,
    label: labelOf(facility, row),
    cell: row.id,
    unit: row.unit,
    better: row.better,
    estimate: row.estimate,
    ci95: row.ci95,
    sure: row.sure !== false,
    times: timesWorse(row, found[0]!.row),
    perSecond: worth.perSecond,
    ...(row.cpuNs !== undefined && { cpuNsPerOp: row.cpuNs }),
    ...(worth.cpuShare !== undefined && { cpuShare: worth.cpuShare }),
    limits: limitsOf(facility, question),
    notes: notesOf(facility, row, question),
    claims: reliedOn(facility, question).map(({ claim }) => shown(claim, facility.id, verdicts)),
  }));
}

function labelOf({ title, variants }: Declaration, { variantTitle, wait }: Row): string {
  const variant = variants.length > 1 ? variantTitle : undefined;
  return [title, variant, wait].filter((word) => word).join(" · ");
}

/** What holds more than this bounds no usual message, nor many of them. */
const FAR = 256 * 1024;

/** The limits that a message of that size may meet. */
function limitsOf(facility: Declaration, { pattern, sizeBytes = 0 }: Requirements): string[] {
  if (!PATTERNS[pattern].data) return [];
  const { largestMessage, limits } = facility;
  const words = ({ name, value, unit }: Declaration["limits"][number]) =>
    `${name} ${value >= Number.MAX_SAFE_INTEGER ? "unlimited" : value.toLocaleString("en")}${
      unit && value < Number.MAX_SAFE_INTEGER ? ` ${unit}` : ""
    }`;
  const others = limits.filter(({ name, unit, value }) =>
    !largestMessage?.name.startsWith(name) &&
    (unit === "messages" || unit === "bytes" && value <= Math.max(FAR, sizeBytes))
  );
  return [...(largestMessage ? [largestMessage] : []), ...others].map(words);
}

/** What has to be said beside the figure. */
function notesOf(facility: Declaration, row: Row, question: Requirements): string[] {
  const { semantics, lossy } = facility;
  const { pattern, needs, perSecond: rate } = question;
  const named = needs.some((need) =>
    need === "unrelated" || need === "survives-exit" || need === "other-users"
  );
  const worst = row.better === "lower" ? row.ci95[1] : row.ci95[0];
  return [
    lossy ? "loses messages when its receiver is behind" : null,
    semantics.connections && pattern === "fan-in" ? "a connection for each writer" : null,
    semantics.boundaries === "stream" && pattern === "work-queue" ? "items of one size only" : null,
    named && liesInMemory(semantics)
      ? "in named shared memory, which it is found and kept with"
      : null,
    rate !== undefined && perSecond(row, worst) < rate
      ? "its interval reaches below the rate"
      : null,
  ].filter((note) => note !== null);
}
