/**
 * The program of a participant: attaches to the facility, measures its part, ends.
 *
 * The initiator gets a visit as its argument, creates the kernel objects, starts the peers (which
 * inherit the descriptors), and saves each result as a line of JSON. It imports only
 * what a participant needs, for a short start and little of its own in the caches.
 *
 * @module
 */
import type { Created, Facility, Link } from "../../facilities/facility.ts";
import { facilityIn } from "../../facilities/facility_module.ts";
import { Journal } from "../../facilities/journal.ts";
import { check, SystemCallError } from "../../facilities/libc/errno.ts";
import { O_CLOEXEC, O_WRONLY, open } from "../../facilities/libc/fcntl.ts";
import { readTextOf } from "../../facilities/libc/files.ts";
import { Struct } from "../../facilities/libc/memory.ts";
import { memfdCreate } from "../../facilities/libc/sys_mman.ts";
import { ignoreSignal, SIGINT } from "../../facilities/libc/signal_action.ts";
import { dieWithParent } from "../../facilities/libc/sys_prctl.ts";
import { setBaseSecond } from "../../facilities/libc/time.ts";
import { close, getpid, read, writeAll } from "../../facilities/libc/unistd.ts";
import { LimitError } from "../../facilities/limit_error.ts";
import { threadModule, THREADS } from "../../facilities/programs.ts";
import type { Work, Workload, Works } from "../workload.ts";
import { workloadIn } from "../workload_module.ts";
import { attachAll, memoryOf } from "./attach.ts";
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

/** What the initiator is started with. */
export interface InitiatorOrder {
  readonly rank: 0;
  readonly visit: Visit;
  readonly modules: Modules;
  readonly coordinator: number;
  /** How to start a peer process: the arguments to Deno before the order. */
  readonly launch: readonly string[];
  /** The open file that each result is written to as a line of JSON, at once. */
  readonly results: number;
}

/** What a peer is started with. */
export interface PeerOrder {
  readonly rank: number;
  readonly visit: Visit;
  readonly modules: Modules;
  readonly initiator: number;
  readonly rendezvous: number;
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

/** The line that tells the coordinator whom to watch. */
export interface PeersLine {
  readonly peers: readonly number[];
}

/** One result of a stepwise visit, which goes on when the coordinator writes a byte. */
export interface StepLine {
  readonly step: CellResult;
}

async function initiate(
  { visit, modules, coordinator, launch, results }: InitiatorOrder,
): Promise<void> {
  ignoreSignal(SIGINT);
  if (!dieWithParent(coordinator)) return;
  setBaseSecond(visit.baseSecond);

  using scope = new Journal(visit.folder);
  using disposables = new DisposableStack();
  const page = disposables.use(Rendezvous.create());
  const code = await codeIn(modules);
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

  const order = { visit, modules, initiator: getpid(), rendezvous: page.fd, links };
  const peers = visit.participants === "process"
    ? startProcesses(visit.count, order, launch)
    : await startThreads(visit.count, order);

  const rendezvous = disposables.use(new Rendezvous(page.fd));
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
  await peers.finished();
}

async function follow(order: PeerOrder): Promise<void> {
  const { rank, visit, modules, links } = order;
  setBaseSecond(visit.baseSecond);
  using rendezvous = new Rendezvous(order.rendezvous);
  try {
    await measure(rank, visit, await codeIn(modules), links, rendezvous);
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
  const loaded = new Map<string, Workload>();
  for (const [id, url] of Object.entries(workloads)) loaded.set(id, await workloadIn(url, id));
  return { facility: facility === null ? null : await facilityIn(facility), workloads: loaded };
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

type PeerCommon = Omit<PeerOrder, "rank">;

/** A peer's order as its argument, which any user may read: the links are in an open file. */
type PeerArgument = Omit<PeerOrder, "links"> & { readonly linksIn: number };

function startProcesses(count: number, common: PeerCommon, launch: readonly string[]) {
  const { links, ...open } = common;
  const linksIn = memfdCreate("ipc-taxonomy links");
  writeAll(linksIn, new TextEncoder().encode(JSON.stringify(links)));
  const children = ranks(count).map((rank) =>
    new Deno.Command(Deno.execPath(), {
      args: [...launch, JSON.stringify({ ...open, rank, linksIn } satisfies PeerArgument)],
      stdin: "null",
      stdout: "null",
    }).spawn()
  );
  close(linksIn);
  print({ peers: children.map(({ pid }) => pid) } satisfies PeersLine);
  return { finished: () => Promise.all(children.map(({ status }) => status)) };
}

async function startThreads(count: number, common: PeerCommon) {
  const workers = ranks(count).map((rank) => {
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
    worker.postMessage({ ...common, rank } satisfies PeerOrder);
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

function ranks(count: number): number[] {
  return Array.from({ length: count - 1 }, (_, index) => index + 1);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** One line of JSON on stdout. */
function print(value: EndLine | PeersLine | StepLine): void {
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
  const order: InitiatorOrder | PeerArgument = JSON.parse(argument ?? "null");
  if (!("linksIn" in order)) return await initiate(order);
  ignoreSignal(SIGINT);
  if (!dieWithParent(order.initiator)) return;
  const links = JSON.parse(readTextOf(order.linksIn));
  close(order.linksIn);
  await follow({ ...order, links });
}

if ("WorkerGlobalScope" in globalThis && self.name === THREADS.participant) {
  const thread = self as unknown as Worker;
  thread.onmessage = async ({ data }: MessageEvent<PeerOrder>) => {
    thread.postMessage("started");
    await follow(data);
    thread.postMessage("finished");
  };
} else if (import.meta.main) {
  try {
    await main(Deno.args.at(-1));
  } catch (error) {
    console.error(reasonOf(error));
    Deno.exit(1);
  }
}
