/**
 * Warming up: has a loop compiled for all that it will meet, and finds out how long an operation takes.
 *
 * @module
 */
import type { Workload } from "../workload.ts";

/** Operations of the first pilot, and of one with long messages, which take a millisecond each. */
const FIRST_PILOT = 8;
const FIRST_LONG_PILOT = 2;
/** From so many bytes on a message is long. */
const LONG = 1 << 18;
/** What runs for a time runs for so long an operation, but not longer than the cell is timed, nanoseconds. */
export const TURN_NS = 200_000;
/** A pilot is long enough to judge by when it takes this long, nanoseconds. */
const PILOT_NS = 0.3e6;
/**
 * Operations of the runs before a loop is first measured with some kernel objects: to learn what it
 * meets, and, compiled for that, to see whether the code holds.
 */
const TRAINING = { learning: 40, trying: 50 } as const;
/**
 * Of messages one way more are tried. On one CPU the scheduler owes time to whoever was compiled faster,
 * who then takes the CPU at each message until that is made up for: a tenth of the throughput.
 */
const TRYING_ONE_WAY = 1_000;
/** Large messages one way: more than there is room for, so that the sender has to wait. */
const LARGE_ONE_WAY = 16;
/** Code that does not hold is compiled anew with what else it met, so often at most. */
const MOST_TRAININGS = 5;
/** Slow operations are done less often: a run of the training takes about so long, nanoseconds. */
const TRAINING_RUN_NS = 4e6;
/** How long at most pilots go on while they get faster. */
const WARM_UP_NS = 40e6;
/** What is done at a given pace is rehearsed for so long, nanoseconds, and without any pause. */
const REHEARSAL_NS = 2e6;
const WITHOUT_PAUSE = 256;
/** A pilot below this share of the fastest before it shows that the code still gets faster. */
const STILL_FASTER = 0.93;
/** Operations shorter than this are timed in batches that are longer. */
const SHORTEST_TIMED_NS = 2_000;

/** Operations that are not measured, done by all participants together. */
export interface Pilot {
  readonly operations: number;
  /** Operations between two clock readings. */
  readonly batch?: number;
  /** Bytes of a message; absent: as many as the cell has. */
  readonly length?: number;
  /** Whether the loop is compiled first; one of no operations does nothing else. */
  readonly compile?: boolean;
  /** Whether the cell's pace is kept. */
  readonly paced?: boolean;
}

export interface PilotResult {
  /** Nanoseconds, the clock readings between the batches included. */
  readonly elapsed: number;
  /** Nanoseconds an operation. */
  readonly mean: number;
  /** Whether all participants ran compiled code in the end. */
  readonly holds: boolean;
}

type RunPilot = (pilot: Pilot) => Promise<PilotResult>;

/** What is warmed up. */
export interface Subject {
  readonly workload: Workload;
  /** Bytes of a message. */
  readonly length: number;
  /** All lengths that the loop will meet. */
  readonly lengths: readonly number[];
  /** Whether this loop was warmed up with these kernel objects, for another cell. */
  readonly known: boolean;
  /** Nanoseconds between two operations, where they keep a pace. */
  readonly gapNs?: number;
}

/**
 * Runs pilots until they are long enough to judge by, the code holds, and they get no faster any
 * more; returns what an operation takes, nanoseconds. They read the clock as often as the timed run
 * will: a branch that they never took would be compiled anew while it is timed.
 */
export async function warmUp(subject: Subject, run: RunPilot): Promise<number> {
  const { known, length, workload: { pace, single } } = subject;
  if (pace === "duration") {
    // How long it takes is known.
    if (!known) await trainForAWhile(run);
    return TURN_NS;
  }
  if (pace === "schedule") {
    await rehearse(subject.gapNs!, run);
    return subject.gapNs!;
  }
  if (!known) await train(subject, run);
  let operations = length < LONG ? FIRST_PILOT : FIRST_LONG_PILOT;
  let best = Infinity;
  for (let spent = 0;;) {
    const batch = single ? 1 : batchOf(best);
    const { elapsed, mean, holds } = await run({ operations, batch, compile: true });
    spent += elapsed;
    const settled = holds && (known || mean > best * STILL_FASTER);
    best = Math.min(best, mean);
    if (elapsed >= PILOT_NS && (settled || spent >= WARM_UP_NS)) return best;
    if (elapsed < PILOT_NS) operations = Math.ceil(operations * growth(elapsed));
  }
}

/**
 * Lets a loop come to know all that it will meet in this trial, and be compiled for it. What happens
 * to large messages only has to be known, which a few are enough for.
 */
async function train({ workload, lengths }: Subject, run: RunPilot): Promise<void> {
  const batch = workload.single ? 1 : 8;
  const length = Math.min(...lengths);
  const longest = Math.max(...lengths);
  const oneWay = workload.figure === "rate";
  const large = { operations: oneWay && longest < LONG ? LARGE_ONE_WAY : 1, length: longest };
  const trying = oneWay ? TRYING_ONE_WAY : TRAINING.trying;
  let { mean } = await run({ operations: FIRST_PILOT, batch, length });
  const upTo = (most: number) =>
    Math.max(FIRST_PILOT, Math.min(most, Math.floor(TRAINING_RUN_NS / mean)));
  for (let training = 0; training < MOST_TRAININGS; training++) {
    await run(large);
    await run({ operations: upTo(TRAINING.learning), batch, length });
    await run({ operations: 0, compile: true });
    await run(large);
    const tried = await run({ operations: upTo(trying), batch, length });
    if (tried.holds) return;
    mean = tried.mean;
  }
}

/** The same for what runs for a time instead of a number of operations. */
async function trainForAWhile(run: RunPilot): Promise<void> {
  const operations = Math.ceil(PILOT_NS / TURN_NS);
  for (let training = 0; training < MOST_TRAININGS; training++) {
    await run({ operations });
    await run({ operations: 0, compile: true });
    if ((await run({ operations })).holds) return;
  }
}

/** The same for what keeps a pace: at that, where there is time to sleep, and where there is no room. */
async function rehearse(gapNs: number, run: RunPilot): Promise<void> {
  const operations = Math.ceil(Math.max(2 * gapNs, REHEARSAL_NS) / gapNs);
  for (let training = 0; training < MOST_TRAININGS; training++) {
    const { holds } = await run({ operations, paced: true, compile: training > 0 });
    if (holds) return;
    await run({ operations: WITHOUT_PAUSE });
  }
}

/** Operations between two clock readings, when one takes `mean` nanoseconds. */
export function batchOf(mean: number): number {
  return Math.max(1, Math.ceil(SHORTEST_TIMED_NS / mean));
}

/** By how much more a pilot has to do next time, when it took `elapsed` nanoseconds. */
function growth(elapsed: number): number {
  return Math.min(32, Math.max(1.5, 1.2 * PILOT_NS / elapsed));
}
