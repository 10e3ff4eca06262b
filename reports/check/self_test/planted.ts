/**
 * Checks of facilities with a planted delay: how small a slow-down is found, and whether one that
 * was taken away is ever called a regression.
 *
 * @module
 */
import { moduleUrl } from "../../../facilities/programs.ts";
import { createRandom } from "../../../workloads/runner/random.ts";
import { binomialInterval } from "../../../workloads/runner/statistics.ts";
import type { RunDocument } from "../../../workloads/runner/document.ts";
import type { RunOptions } from "../../../workloads/runner/run.ts";
import type { CheckDocument } from "../document.ts";
import { BASELINE_RUNS, type Bench, Measuring } from "./bench.ts";

/** A cell that gets a delay: one that sleeps until the peer is done, or one that spins. */
interface Patient {
  readonly facility: string;
  readonly kind: "blocking" | "spin";
  readonly is: (cell: { placement: string; wait?: string }) => boolean;
}

const PATIENTS: readonly Patient[] = [
  {
    facility: "pipe",
    kind: "blocking",
    is: ({ placement }) => placement === "same-cpu",
  },
  {
    facility: "posix-shared-memory",
    kind: "spin",
    is: ({ placement, wait }) => wait === "spin" && placement !== "same-cpu",
  },
];

const WORKLOAD = "round-trip";
const SIZE = 64;
/** The delay that is taken away again, as a share of what a message takes without. */
const TAKEN_AWAY = 0.5;
/** Found at least this often, a slow-down counts as reliably found. */
const RELIABLE = 0.95;

/** How often a delay was found in one cell. */
export interface Found {
  readonly cell: string;
  readonly kind: Patient["kind"];
  /** Of the cell's own median. */
  readonly share: number;
  readonly checks: number;
  readonly found: number;
  readonly inconclusive: number;
  readonly interval: [number, number];
}

export interface PlantedResult {
  readonly found: readonly Found[];
  /** The smallest share that was found in 95 % of checks, and every larger one too; null for none. */
  readonly smallest: Readonly<Record<string, number | null>>;
  /** Checks of a delay that was taken away. */
  readonly takenAway: {
    readonly checks: number;
    readonly improved: number;
    readonly calledRegressed: number;
  };
}

/** Measures baselines, then plants each share so many times, in random order. */
export async function testPlanted(
  bench: Bench,
  shares: readonly number[],
  repeats: number,
): Promise<PlantedResult> {
  const clinic = await Clinic.open(bench);
  bench.say(`planted: measuring a baseline of ${BASELINE_RUNS} runs`);
  await clinic.measureBaselines();
  const random = createRandom(1);
  const order = random.shuffle(shares.flatMap((share) => Array<number>(repeats).fill(share)));
  const tallies = new Map(shares.map((share) => [share, clinic.emptyTallies()]));
  for (const [done, share] of order.entries()) {
    if (clinic.interrupted) break;
    const seen = await clinic.plant(share, tallies.get(share)!);
    bench.say(`planted: check ${done + 1} of ${order.length}, ${percent(share)} slower: ${seen}`);
  }
  const takenAway = await clinic.takeAway(Math.ceil(repeats / 4));
  const found = shares.flatMap((share) => clinic.found(share, tallies.get(share)!));
  return { found, smallest: smallestOf(found), takenAway };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** A cell's ratio in the candidate, its interval, and what it has to pass. */
function figuresOf({ judged }: CheckDocument, id: string): string {
  const cell = judged.find((each) => each.id === id);
  if (!cell) return " (not judged)";
  const [ratio, low, high, floor] = [cell.ratio, ...cell.interval, cell.floor]
    .map((figure) => figure.toFixed(3));
  return ` (${ratio}, ${low} to ${high}; floor ${floor} by ${cell.floorFrom})`;
}

interface Count {
  checks: number;
  found: number;
  inconclusive: number;
}

class Clinic {
  readonly #bench: Bench;
  readonly #cells: readonly { id: string; patient: Patient }[];
  #plain: RunDocument[] = [];
  #delayed: RunDocument[] = [];
  #interrupted = false;

  private constructor(bench: Bench, cells: readonly { id: string; patient: Patient }[]) {
    this.#bench = bench;
    this.#cells = cells;
  }

  static async open(bench: Bench): Promise<Clinic> {
    const options = await bench.runOptions(PATIENTS.map(({ facility }) => facility));
    return new Clinic(bench, cellsOf(options));
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  emptyTallies(): Map<string, Count> {
    return new Map(this.#cells.map(({ id }) => [id, { checks: 0, found: 0, inconclusive: 0 }]));
  }

  async measureBaselines(): Promise<void> {
    this.#plain = await this.#with(0, (measuring) => measuring.runs(BASELINE_RUNS));
    this.#delayed = await this.#with(TAKEN_AWAY, (measuring) => measuring.runs(BASELINE_RUNS));
  }

  /** Checks with a delay planted; returns in words what was seen of each cell. */
  async plant(share: number, tallies: Map<string, Count>): Promise<string> {
    const { threshold } = this.#bench;
    const checked = await this.#with(share, (each) => each.check(this.#plain, threshold));
    if (checked === null) return "interrupted";
    const seen: string[] = [];
    for (const { id, patient: { kind } } of this.#cells) {
      const tally = tallies.get(id)!;
      const found = checked.regressed.some((cell) => cell.id === id);
      tally.checks++;
      if (checked.verdict === "inconclusive") tally.inconclusive++;
      else if (found) tally.found++;
      seen.push(`${kind} ${found ? "found" : "not found"}${figuresOf(checked, id)}`);
    }
    const doubt = checked.verdict === "inconclusive" ? `inconclusive, ${checked.reasons[0]}; ` : "";
    return doubt + seen.join(", ");
  }

  /** The other way round: the baseline has the delay, the candidate has none. */
  async takeAway(checks: number): Promise<PlantedResult["takenAway"]> {
    const result = { checks: 0, improved: 0, calledRegressed: 0 };
    for (let number = 0; number < checks && !this.#interrupted; number++) {
      const { threshold } = this.#bench;
      const checked = await this.#with(0, (each) => each.check(this.#delayed, threshold));
      if (checked === null) break;
      result.checks++;
      if (checked.verdict === "improved") result.improved++;
      if (checked.counts.regressed > 0) result.calledRegressed++;
      this.#bench.say(`planted: delay taken away, check ${number + 1} of ${checks}`);
    }
    return result;
  }

  found(share: number, tallies: Map<string, Count>): Found[] {
    return this.#cells.map(({ id, patient }) => {
      const tally = tallies.get(id)!;
      const interval: [number, number] = tally.checks > 0
        ? binomialInterval(tally.found, tally.checks)
        : [0, 1];
      return { cell: id, kind: patient.kind, share, ...tally, interval };
    });
  }

  async #with<T>(share: number, work: (measuring: Measuring) => Promise<T>): Promise<T> {
    const options = await this.#bench.runOptions(
      this.#cells.map((cell) => this.#source(cell, share)),
    );
    const measuring = new Measuring(options, new Set(this.#cells.map(({ id }) => id)));
    const result = await work(measuring);
    this.#interrupted ||= measuring.interrupted;
    return result;
  }

  #source({ patient }: { patient: Patient }, share: number): string {
    return moduleUrl("delayed", import.meta.resolve("./delayed.ts"), {
      facility: patient.facility,
      share: `${share}`,
    });
  }
}

function cellsOf({ plan }: RunOptions): { id: string; patient: Patient }[] {
  const cells = plan.visits.flatMap((visit) => visit.cells.map(({ dimensions }) => dimensions));
  return PATIENTS.flatMap((patient) => {
    const found = cells.find((cell) =>
      cell.facility === patient.facility && cell.workload === WORKLOAD &&
      cell.sizeBytes === SIZE && cell.participants === "process" && cell.variant === undefined &&
      patient.is(cell)
    );
    return found ? [{ id: found.id, patient }] : [];
  });
}

function smallestOf(found: readonly Found[]): Record<string, number | null> {
  const smallest: Record<string, number | null> = {};
  for (const [kind, own] of Map.groupBy(found, (each) => each.kind)) {
    smallest[kind] = null;
    for (const { share, checks, found } of own.toSorted((a, b) => b.share - a.share)) {
      if (checks === 0 || found / checks < RELIABLE) break;
      smallest[kind] = share;
    }
  }
  return smallest;
}
