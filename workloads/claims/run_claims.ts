/**
 * Runs the experiments: every claim on every facility, each with a deadline, in a few processes.
 *
 * @module
 */
import type { Facility } from "../../facilities/facility.ts";
import { unlink } from "../../facilities/libc/unistd.ts";
import { remedyFor } from "../../facilities/obstacles.ts";
import { newRunId, RunFolder } from "../../facilities/run_folder.ts";
import { LEAVES, loadFacility } from "../../facilities/taxonomy.ts";
import { temporaryFolder } from "../../facilities/temporary_folder.ts";
import type { ClaimVerdict } from "../runner/document.ts";
import { CLAIMS } from "./catalogue.ts";
import { cannotTry, type Claim, type Finding, notApplicable } from "./claim.ts";
import { Context, type Crew } from "./context.ts";
import { ProcessParticipant } from "./crew.ts";
import { CannotTry, obstacleIn } from "./obstacle.ts";

export interface RunClaimsOptions {
  /** Ids of the taxonomy, or URLs of modules that export a facility. @default all leaves */
  readonly facilities?: readonly string[];
  /** Ids of claims. @default all */
  readonly claims?: readonly string[];
  /** Called for each verdict as it is found. */
  readonly onProgress?: (verdict: ClaimVerdict, done: number, total: number) => void;
  /** Ends the run; what was found until then is returned. */
  readonly signal?: AbortSignal;
  /** Longest that one experiment may take. @default 10000 */
  readonly deadlineMs?: number;
  /** Where the folder of the run is made. @default `temporaryFolder()` */
  readonly temporary?: string;
  /** How many experiments run at once. @default 3 */
  readonly atOnce?: number;
}

interface Pairing {
  readonly claim: Claim;
  readonly reference: string;
  readonly facility: Facility;
}

/**
 * A verdict for each pair of claim and facility, in the order of the catalogue and the taxonomy.
 *
 * @throws {RangeError} for an unknown claim or facility
 * @throws {Deno.errors.NotCapable} this process may not start participants
 */
export async function runClaims(options: RunClaimsOptions = {}): Promise<ClaimVerdict[]> {
  const pairings = await pairingsOf(options);
  const verdicts: (ClaimVerdict | undefined)[] = pairings.map(() => undefined);
  await using pool = new Pool(options.temporary ?? temporaryFolder());
  // Whatever ends one worker ends all of them, and the pool lives until the last has ended.
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < pairings.length && !signal.aborted) {
      const index = next++;
      const pairing = pairings[index]!;
      const finding = await findingOf(pairing, pool, { ...options, signal });
      if (finding === null) return;
      const verdict = verdictOf(pairing, finding);
      verdicts[index] = verdict;
      options.onProgress?.(verdict, ++done, pairings.length);
    }
  };
  const workers = Array.from({ length: options.atOnce ?? 3 }, () =>
    work().catch((error) => {
      failed.abort();
      throw error;
    }));
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return verdicts.filter((verdict) => verdict !== undefined);
}

async function pairingsOf({ facilities, claims }: RunClaimsOptions): Promise<Pairing[]> {
  const chosen = (claims ?? CLAIMS.map(({ id }) => id)).map(claimOf);
  const references = facilities ?? LEAVES.map(({ id }) => id);
  const loaded = await Promise.all(
    references.map(async (reference) => ({ reference, facility: await loadFacility(reference) })),
  );
  return chosen.flatMap((claim) => loaded.map((each) => ({ claim, ...each })));
}

function claimOf(id: string): Claim {
  const claim = CLAIMS.find((each) => each.id === id);
  if (!claim) throw new RangeError(`Cannot find claim "${id}" in the catalogue`);
  return claim;
}

function verdictOf({ claim, facility }: Pairing, finding: Finding): ClaimVerdict {
  const { id, statement, section } = claim;
  const value = finding.verdict === "holds" ? claim.value?.(facility) : undefined;
  return { id, statement, section, facility: facility.id, ...finding, ...(value && { value }) };
}

/** Runs one experiment, and cleans up after it; null when the run was ended meanwhile. */
async function findingOf(
  { claim, reference, facility }: Pairing,
  pool: Pool,
  { signal, deadlineMs = 10_000 }: RunClaimsOptions,
): Promise<Finding | null> {
  const reason = claim.inapplicable(facility) ??
    facility.inapplicable?.(claim.participants ?? "process") ??
    null;
  if (reason !== null) return notApplicable(reason);
  const context = new Context(facility, reference, pool, pool.newFolder());
  const over = Promise.withResolvers<never>();
  const end = (why: CannotTry) => {
    over.reject(why);
    context.end(why);
  };
  const timer = setTimeout(() => end(tooLate(deadlineMs, context)), deadlineMs);
  const interrupted = () => end(new CannotTry("interrupted", null));
  signal?.addEventListener("abort", interrupted);
  const experiment = Promise.try(() => claim.experiment(facility, context));
  try {
    return await Promise.race([experiment, over.promise]);
  } catch (error) {
    if (signal?.aborted) return null;
    if (error instanceof Deno.errors.NotCapable) throw error;
    const obstacle = obstacleIn(error);
    if (obstacle) return cannotTry(claim.experimentTitle, obstacle);
    return {
      verdict: "fails",
      expected: claim.experimentTitle,
      observed: error instanceof Error ? error.message : String(error),
    };
  } finally {
    clearTimeout(timer);
    // Until all is cleaned up, for cleaning up takes orders, too.
    await within(deadlineMs, context, async () => {
      await experiment.catch(() => {});
      await pool.giveBack(context.participants);
    });
    signal?.removeEventListener("abort", interrupted);
    context.cleanUp();
  }
}

/** A statement about what happens says nothing of when, so lateness is no observation. */
function tooLate(deadlineMs: number, { participants }: Context): CannotTry {
  const where = participants.map((each) => each.unfinished).filter((each) => each !== null);
  return new CannotTry(
    `not done within ${deadlineMs} ms${where.length > 0 ? ` (${where.join("; ")})` : ""}`,
    "if the machine is busy, try again when it is quieter",
  );
}

/** Does what takes orders; whoever has not carried them out after so long ends. */
async function within(
  milliseconds: number,
  context: Context,
  act: () => Promise<void>,
): Promise<void> {
  const timer = setTimeout(() => context.end(tooLate(milliseconds, context)), milliseconds);
  await act();
  clearTimeout(timer);
}

/** Participants at rest, for the next experiment. */
class Pool implements Crew, AsyncDisposable {
  readonly #resting: ProcessParticipant[] = [];
  readonly #all = new Set<ProcessParticipant>();
  readonly #folder: RunFolder;
  #folders = 0;
  #names = 0;

  constructor(temporary: string) {
    this.#folder = new RunFolder(temporary, `claims-${newRunId()}`);
  }

  newFolder(): string {
    return `${this.#folder.path}/${this.#folders++}`;
  }

  async take(joins: (participant: ProcessParticipant) => void): Promise<ProcessParticipant> {
    const rested = this.#resting.pop();
    if (rested) {
      joins(rested);
      return rested;
    }
    const participant = this.#start();
    joins(participant);
    await participant.order("openMailbox", participant.mailbox);
    return participant;
  }

  #start(): ProcessParticipant {
    const name = `participant ${++this.#names}`;
    try {
      const mailbox = `${this.#folder.path}/mailbox-${this.#names}`;
      const participant = new ProcessParticipant(name, mailbox);
      this.#all.add(participant);
      return participant;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      const { message, code } = error as Error & { code?: string };
      throw new CannotTry(
        `starting a participant failed: ${code ?? message}`,
        code === undefined ? null : remedyFor({ code, call: "fork" }),
      );
    }
  }

  /** Those who are as they were at the start rest; the others end. */
  async giveBack(participants: readonly ProcessParticipant[]): Promise<void> {
    await Promise.all(participants.map(async (each) => {
      if (!each.spent && !each.busy && await becomesAsBefore(each)) this.#resting.push(each);
      else await this.#end(each);
    }));
  }

  async #end(participant: ProcessParticipant): Promise<void> {
    await participant.kill();
    this.#all.delete(participant);
    try {
      unlink(participant.mailbox);
    } catch {
      // It ended before it had one.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all].map((each) => this.#end(each)));
    this.#folder[Symbol.dispose]();
  }
}

async function becomesAsBefore(participant: ProcessParticipant): Promise<boolean> {
  try {
    await participant.reset();
    return true;
  } catch {
    return false;
  }
}
