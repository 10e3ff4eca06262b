/**
 * The program of a participant: attaches to the facility, measures its part, ends.
 *
 * The initiator gets a visit as its argument, creates the kernel objects, hands them over to its
 * peers, which start as it does, and saves each result as a line of JSON. It imports only
 * what a participant needs, for a short start and little of its own in the caches.
 *
 * @module
 */
// First, so that it holds for all that follows.
import "../../facilities/libc/compiled_late.ts";
import type { Created, Facility, Link } from "../../facilities/facility.ts";
import { facilityIn } from "../../facilities/facility_module.ts";
import { Journal } from "../../facilities/journal.ts";
import { check, SystemCallError } from "../../facilities/libc/errno.ts";
import { O_CLOEXEC, O_WRONLY, open } from "../../facilities/libc/fcntl.ts";
import { Struct } from "../../facilities/libc/memory.ts";
import { ignoreSignal, SIGINT } from "../../facilities/libc/signal_action.ts";
import { dieWithParent } from "../../facilities/libc/sys_prctl.ts";
import { setBaseSecond } from "../../facilities/libc/time.ts";
import { close, read, writeAll } from "../../facilities/libc/unistd.ts";
import { LimitError } from "../../facilities/limit_error.ts";
import { threadModule, THREADS } from "../../facilities/programs.ts";
import type { Work, Workload, Works } from "../workload.ts";
import { workloadIn } from "../workload_module.ts";
import { attachAll, memoryOf } from "./attach.ts";
import { handOver, OwnDescriptors, takeOver } from "./hand_over.ts";
import { measureCells } from "./measure_cells.ts";
import { Aborted, Rendezvous } from "./rendezvous.ts";
import { type CellResult, setupsOf, type Visit } from "./visit.ts";

/** Where the code of a visit lies. */
export interface Modules {
  /** The URL of the facility's module; null for control rows. */
  readonly facility: string | null;
  /** The URLs of the workloads' modules by their ids. */
  readonly workloads: Readonly<Record<string, string>>;
}

/** What every participant is started with. */
interface Order {
  readonly rank: number;
  readonly visit: Visit;
  readonly modules: Modules;
  /** Where they meet: the descriptor of a page. */
  readonly rendezvous: number;
}

/** What the initiator is started with. */
export interface InitiatorOrder extends Order {
  readonly rank: 0;
  readonly coordinator: number;
  /** Where each peer process waits for the kernel objects; none of those that are threads. */
  readonly mailboxes: readonly number[];
  /** The open file that each result is written to as a line of JSON, at once. */
  readonly results: number;
}

/** What a peer that is a process is started with. */
export interface PeerOrder extends Order {
  readonly coordinator: number;
  readonly mailbox: number;
}

/** What a peer that is a thread is started with. */
interface ThreadOrder extends Order {
  readonly links: readonly (Link | null)[];
}

/** What the initiator says in the end. */
export interface EndLine {
  readonly end: {
    /** Of each setup that could not be created: the errno's name and the whole message. */
    readonly unavailable: readonly { setup: number; code: string; message: string }[];
    /** Why the trial ended early. */
    readonly aborted: string | null;
  };
}

/** One result of a stepwise visit, which goes on when the coordinator writes a byte. */
export interface StepLine {
  readonly step: CellResult;
}

async function initiate(order: InitiatorOrder): Promise<void> {
  const { visit, modules, mailboxes, results } = order;
  setBaseSecond(visit.baseSecond);

  using scope = new Journal(visit.folder);
  using disposables = new DisposableStack();
  const code = await codeIn(modules);
  using own = mailboxes.length > 0 ? new OwnDescriptors(order.rendezvous) : null;
  const unavailable: EndLine["end"]["unavailable"][number][] = [];
  const links: (Link | null)[] = [];
  const used = new Set(visit.cells.flatMap(setupsOf));
  for (const [index, setup] of visit.setups.entries()) {
    if (!used.has(index) || setup.offered) {
      links.push(setup.offered ? {} : null);
      continue;
    }
    try {
      using _node = await memoryOf(setup);
      const created: Created = await code.facility![setup.capability]!.create({
        ...setup,
        participants: visit.participants,
        scope,
      });
      disposables.use(created);
      links.push(created.link);
    } catch (error) {
      if (!(error instanceof SystemCallError || error instanceof LimitError)) throw error;
      links.push(null);
      unavailable.push({ setup: index, code: error.code, message: error.message });
    }
  }

  const numbers = own?.list() ?? [];
  own?.[Symbol.dispose]();
  for (const mailbox of mailboxes) handOver(mailbox, { links, numbers });
  const threads = visit.participants === "thread" ? await startThreads(order, links) : null;

  const rendezvous = disposables.use(new Rendezvous(order.rendezvous));
  let aborted: string | null = null;
  try {
    await measure(0, visit, code, links, rendezvous, (result) => {
      if (visit.stepwise) step(result);
      else writeAll(results, new TextEncoder().encode(JSON.stringify(result) + "\n"));
    });
  } catch (error) {
    aborted = reasonOf(error);
    rendezvous.abort(aborted);
  }
  print({ end: { unavailable, aborted } });
  await threads?.finished();
}

async function follow(
  { rank, visit, modules, rendezvous: page }: Order,
  takeLinks: () => readonly (Link | null)[],
): Promise<void> {
  setBaseSecond(visit.baseSecond);
  using rendezvous = new Rendezvous(page);
  try {
    const code = await codeIn(modules);
    await measure(rank, visit, code, takeLinks(), rendezvous);
  } catch (error) {
    if (error instanceof Aborted) return;
    const reason = `participant ${rank}: ${reasonOf(error)}`;
    rendezvous.abort(reason);
    // The initiator may be inside the facility and never come to the meeting.
    console.error(reason);
  }
}

/** The code of a visit. */
interface Code {
  readonly facility: Facility | null;
  readonly workloads: ReadonlyMap<string, Workload>;
}

async function codeIn({ facility, workloads }: Modules): Promise<Code> {
  const [loaded, ...entries] = await Promise.all([
    facility === null ? null : facilityIn(facility),
    ...Object.entries(workloads).map(async ([id, url]) => [id, await workloadIn(url, id)] as const),
  ]);
  return { facility: loaded, workloads: new Map(entries) };
}

async function measure(
  rank: number,
  visit: Visit,
  { facility, workloads }: Code,
  links: readonly (Link | null)[],
  rendezvous: Rendezvous,
  onResult?: (result: CellResult) => void,
): Promise<void> {
  const capabilities = await attachAll(facility, visit, links, rank);
  try {
    await measureCells(visit, { rank, rendezvous, capabilities, workloads, links, onResult });
  } finally {
    capabilities.forEach(dispose);
  }
}

function dispose(capability: Works[Work] | null): void {
  if (Array.isArray(capability)) capability.forEach((each) => each[Symbol.dispose]());
  else (capability as Disposable | null)?.[Symbol.dispose]();
}

async function startThreads(
  { visit, modules, rendezvous }: InitiatorOrder,
  links: readonly (Link | null)[],
) {
  const workers = ranks(visit.count).map((rank) => {
    const url = threadModule(import.meta.url);
    const worker = new Worker(url, { type: "module", name: THREADS.participant });
    const started = Promise.withResolvers<void>();
    const finished = Promise.withResolvers<void>();
    worker.onmessage = ({ data }) => data === "started" ? started.resolve() : finished.resolve();
    worker.onerror = (event) => {
      event.preventDefault();
      started.reject(new Error(event.message));
      finished.reject(new Error(event.message));
    };
    worker.postMessage({ rank, visit, modules, rendezvous, links } satisfies ThreadOrder);
    return { worker, started, finished };
  });
  await Promise.all(workers.map(({ started }) => started.promise));
  return {
    async finished() {
      await Promise.all(workers.map(({ finished }) => finished.promise));
      workers.forEach(({ worker }) => worker.terminate());
    },
  };
}

/** Those of the peers. */
function ranks(count: number): number[] {
  return Array.from({ length: count - 1 }, (_, index) => index + 1);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** One line of JSON on stdout. */
function print(value: EndLine | StepLine): void {
  console.log(JSON.stringify(value));
}

const STDIN = 0;
const byte = new Struct(1);

/** Gives a result away and sleeps until the coordinator wants the next. */
function step(result: CellResult): void {
  print({ step: result });
  check("read", read(STDIN, byte.pointer, 1n));
}

/** Whoever has this much is killed first. */
const OOM_SCORE = new TextEncoder().encode("1000");

function dieFirst(): void {
  try {
    const fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    writeAll(fd, OOM_SCORE);
    close(fd);
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
  }
}

/** The program of a participant that is a process: its order is the last argument. */
export async function main(argument: string | undefined): Promise<void> {
  // Where memory runs out, a trial is to be lost, not the coordinator with all that was measured.
  dieFirst();
  const order: InitiatorOrder | PeerOrder = JSON.parse(argument ?? "null");
  ignoreSignal(SIGINT);
  if (!dieWithParent(order.coordinator)) return;
  if ("mailboxes" in order) await initiate(order);
  else await follow(order, () => takeOver(order.mailbox));
}

if ("WorkerGlobalScope" in globalThis && self.name === THREADS.participant) {
  const thread = self as unknown as Worker;
  thread.onmessage = async ({ data }: MessageEvent<ThreadOrder>) => {
    thread.postMessage("started");
    await follow(data, () => data.links);
    thread.postMessage("finished");
  };
} else if (import.meta.main) {
  try {
    await main(Deno.args.at(-1));
    // All that was made is gone: for the runtime to take itself apart takes 3 ms more.
    Deno.exit(0);
  } catch (error) {
    console.error(reasonOf(error));
    Deno.exit(1);
  }
}
