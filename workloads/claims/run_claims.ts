/**
 * Runs the experiments: every claim on every facility, each with a deadline, in a few processes.
 *
 * @module
 */
import type { Facility } from "../../facilities/facility.ts";
import { unlink } from "../../facilities/libc/unistd.ts";
import { newRunId, RunFolder } from "../../facilities/run_folder.ts";
import { LEAVES, loadFacility } from "../../facilities/taxonomy.ts";
import type { ClaimVerdict } from "../runner/document.ts";
import { CLAIMS } from "./catalogue.ts";
import type { Claim, Finding } from "./claim.ts";
import { Context, type Crew } from "./context.ts";
import { ProcessParticipant } from "./crew.ts";

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
  /** Where the folder of the run is made. @default "/tmp" */
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
 * @throws {RangeError} for an unknown claim or facility, {Error} where no participant can be started
 */
export async function runClaims(options: RunClaimsOptions = {}): Promise<ClaimVerdict[]> {
  const pairings = await pairingsOf(options);
  const verdicts: (ClaimVerdict | undefined)[] = pairings.map(() => undefined);
  await using pool = new Pool(options.temporary ?? "/tmp");
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < pairings.length && !options.signal?.aborted) {
      const index = next++;
      const pairing = pairings[index]!;
      const finding = await findingOf(pairing, pool, options);
      if (finding === null) return;
      const verdict = verdictOf(pairing, finding);
      verdicts[index] = verdict;
      options.onProgress?.(verdict, ++done, pairings.length);
    }
  };
  await Promise.all(Array.from({ length: options.atOnce ?? 3 }, work));
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
  if (reason !== null) {
    return { verdict: "not-applicable", expected: "-", observed: "-", reason };
  }
  const context = new Context(facility, reference, pool, pool.newFolder());
  const late = Promise.withResolvers<never>();
  const end = (why: string) => {
    late.reject(new Error(why));
    context.participants.forEach((each) => each.kill());
  };
  const timer = setTimeout(() => end(`nothing more happened within ${deadlineMs} ms`), deadlineMs);
  const interrupted = () => end("interrupted");
  signal?.addEventListener("abort", interrupted);
  const experiment = claim.experiment(facility, context);
  try {
    return await Promise.race([experiment, late.promise]);
  } catch (error) {
    if (signal?.aborted) return null;
    if (error instanceof CannotStart) throw error;
    return {
      verdict: "fails",
      expected: claim.experimentTitle,
      observed: error instanceof Error ? error.message : String(error),
    };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", interrupted);
    await experiment.catch(() => {});
    await pool.giveBack(context.participants);
    context.cleanUp();
  }
}

/** The experiments cannot be made at all, which says nothing of the claims. */
class CannotStart extends Error {
  override readonly name = "CannotStart";
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

  async take(): Promise<ProcessParticipant> {
    const rested = this.#resting.pop();
    if (rested) return rested;
    const name = `participant ${++this.#names}`;
    const participant = new ProcessParticipant(name, `${this.#folder.path}/mailbox-${this.#names}`);
    this.#all.add(participant);
    try {
      await participant.order("openMailbox", participant.mailbox);
    } catch (error) {
      throw new CannotStart(`Cannot start a participant: ${(error as Error).message}`);
    }
    return participant;
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
