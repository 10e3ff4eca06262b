/** Goes on for as long as it is told, looking after each step. @module */
import { blockSignals, FACILITY_SIGNALS } from "../../facilities/libc/signal.ts";
import { readHost } from "../../workloads/runner/host.ts";
import { createRandom } from "../../workloads/runner/random.ts";
import { live, measureSome, type Source } from "./steps.ts";
import { type Course, FEWEST_LOOKS, judge } from "./verdict.ts";
import { look, type Vitals } from "./vitals.ts";

export interface SoakOptions {
  readonly sources: readonly Source[];
  readonly seconds: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onStep?: (step: number, secondsLeft: number, facility: string) => void;
}

export interface Soaked {
  readonly seconds: number;
  readonly steps: number;
  /** Cells and lives that failed. */
  readonly failures: readonly string[];
  readonly looks: readonly Vitals[];
  /** Null where it was interrupted too early to judge. */
  readonly courses: readonly Course[] | null;
}

/** How many lives there are for each run: they are much shorter. */
const LIVES_A_RUN = 3;

/** Does random steps, as many as can be judged at least; what they leave in the temporary folder and the history stays until the end. */
export async function soak(options: SoakOptions): Promise<Soaked> {
  const { sources, seconds, seed, signal, onStep } = options;
  blockSignals(FACILITY_SIGNALS);
  const random = createRandom(seed);
  // Nothing but the folder's own name: the path of a socket may have 107 bytes.
  const [temporary, kept] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  const path = `${kept}/history.sqlite`;
  const failures: string[] = [];
  const looks: Vitals[] = [];
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  try {
    const context = { random, host: readHost(), temporary, store: path, signal };
    const goesOn = () => elapsed() < seconds || looks.length < FEWEST_LOOKS;
    for (let step = 0; goesOn() && !signal.aborted; step++) {
      const source = sources[random.integer(sources.length)]!;
      onStep?.(step, seconds - elapsed(), source.facility.id);
      try {
        if (step % (1 + LIVES_A_RUN) === 0) failures.push(...await measureSome(source, context));
        else await live(source, context);
      } catch (error) {
        failures.push(`${source.facility.id}: ${error instanceof Error ? error.message : error}`);
      }
      looks.push(look(temporary, path));
    }
  } finally {
    for (const folder of [temporary, kept]) await Deno.remove(folder, { recursive: true });
  }
  return { seconds: elapsed(), steps: looks.length, failures, looks, courses: judge(looks) };
}
