/**
 * Watching a run from outside: what others did to the measured CPUs during each trial, and who they
 * were.
 *
 * @module
 */
import { cpuSecondsOfFamily } from "../../facilities/libc/sys_resource.ts";
import { getpid } from "../../facilities/libc/unistd.ts";
import { formatCpuList } from "./cpu_list.ts";
import {
  between,
  othersOn,
  percent,
  type Snapshot,
  suspicions,
  takeSnapshot,
} from "./disturbance.ts";
import type { Warning } from "./document.ts";
import { type FileTree, machineFiles } from "./file_tree.ts";
import { warning } from "./warning.ts";

/** Others may use so much of the measured CPUs, in CPUs, before it is said. */
const OTHERS_TOLERATED = 0.1;
/** Time is counted in ticks of 10 ms: less than three of them is no finding. */
const LEAST_SECONDS = 0.03;
const TICK_SECONDS = 0.01;

/** What one thread has used so far. */
export interface ThreadTime {
  /** The process it belongs to, and that process's name. */
  readonly pid: number;
  readonly name: string;
  readonly seconds: number;
  /** The CPU it was last seen on. */
  readonly cpu: number;
}

/** What a process has used of measured CPUs. */
interface Usage {
  readonly pid: number;
  readonly name: string;
  readonly cpus: readonly number[];
  /** In CPUs: 0.5 is half of one; at most all of those. */
  readonly share: number;
}

/** Watches the CPUs that a run measures on. */
export class Watch {
  readonly #cpus: readonly number[];
  #trials = 0;
  #disturbed = 0;
  #mostOthers = 0;
  /** What can be said of many trials by its text, and of how many. */
  readonly #suspicions = new Map<string, { kind: Warning; trials: number }>();
  #threads = threadTimes(machineFiles);
  #since = performance.now();
  #busiest: Usage | null = null;

  constructor(cpus: readonly number[]) {
    this.#cpus = cpus;
  }

  /** Does what is given, and says what else went on meanwhile. */
  async during<T>(trial: () => Promise<T>): Promise<{ result: T; marks: Warning[] }> {
    const before = takeSnapshot();
    const ownBefore = cpuSecondsOfFamily();
    const result = await trial();
    return { result, marks: this.#marks(before, takeSnapshot(), cpuSecondsOfFamily() - ownBefore) };
  }

  #marks(before: Snapshot, after: Snapshot, ownSeconds: number): Warning[] {
    const seen = between(before, after);
    const suspected = suspicions(seen, this.#cpus);
    for (const { kind } of suspected) {
      const trials = this.#suspicions.get(kind.text)?.trials ?? 0;
      this.#suspicions.set(kind.text, { kind, trials: trials + 1 });
    }
    const marks = suspected.map(({ mark }) => mark);
    const others = othersOn(seen, this.#cpus, ownSeconds);
    this.#trials++;
    if (others > OTHERS_TOLERATED && others * seen.seconds > LEAST_SECONDS) {
      this.#disturbed++;
      this.#mostOthers = Math.max(this.#mostOthers, others);
      marks.push(warning("other-processes", `other processes used ${percent(others)} of a CPU`));
    }
    return marks;
  }

  /** Looks which other processes were busy since the last look. */
  look(): void {
    const now = threadTimes(machineFiles);
    const seconds = (performance.now() - this.#since) / 1000;
    for (const usage of usages(this.#threads, now, seconds, this.#cpus)) {
      if (usage.pid === getpid()) continue;
      if (usage.share > (this.#busiest?.share ?? OTHERS_TOLERATED)) this.#busiest = usage;
    }
    this.#threads = now;
    this.#since = performance.now();
  }

  /** What has to be said of the run, with what would help. */
  warnings(): Warning[] {
    const found = [...this.#suspicions.values()].map(({ kind: { code, text }, trials }) => ({
      code,
      text: `${text} during ${trials} of ${this.#trials} trials: see deno task doctor`,
    }));
    if (this.#disturbed > 0) {
      const busiest = this.#busiest;
      const who = busiest
        ? `; the busiest was process ${busiest.pid} (${busiest.name}), with ` +
          `${percent(busiest.share / busiest.cpus.length)} of CPU ${formatCpuList(busiest.cpus)}`
        : "";
      found.push(warning(
        "other-processes",
        `other processes used CPU ${formatCpuList(this.#cpus)} during ${this.#disturbed} of ` +
          `${this.#trials} trials, up to ${percent(this.#mostOthers)} of a CPU${who}: ` +
          `end them, or leave their CPUs out with taskset`,
      ));
    }
    return found;
  }
}

/** What each process used of some CPUs between two looks, `seconds` apart. */
export function usages(
  before: ReadonlyMap<number, ThreadTime>,
  after: ReadonlyMap<number, ThreadTime>,
  seconds: number,
  cpus: readonly number[],
): Usage[] {
  const grown = [...after].flatMap(([tid, { seconds, ...rest }]) => {
    const used = seconds - (before.get(tid)?.seconds ?? seconds);
    return used > 0 && cpus.includes(rest.cpu) ? [{ ...rest, used }] : [];
  });
  return [...Map.groupBy(grown, ({ pid }) => pid)].flatMap(([pid, threads]) => {
    const time = (some: typeof threads) => some.reduce((sum, { used }) => sum + used, 0);
    if (time(threads) < LEAST_SECONDS) return [];
    const byCpu = Map.groupBy(threads, ({ cpu }) => cpu);
    // Threads were elsewhere before they were seen here: a CPU gives no more than all of its time.
    const shares = [...byCpu.values()].map((some) => Math.min(1, time(some) / seconds));
    return [{
      pid,
      name: threads[0]!.name,
      cpus: [...byCpu.keys()],
      share: shares.reduce((sum, share) => sum + share, 0),
    }];
  });
}

/** What every thread that can be seen has used so far, by its id. */
export function threadTimes(files: FileTree): Map<number, ThreadTime> {
  const times = new Map<number, ThreadTime>();
  const ids = (folder: string) =>
    files.list(folder).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const pid of ids("/proc")) {
    const process = parseStat(files.read(`/proc/${pid}/stat`) ?? "");
    if (!process) continue;
    for (const tid of ids(`/proc/${pid}/task`)) {
      const time = parseStat(files.read(`/proc/${pid}/task/${tid}/stat`) ?? "");
      if (time) times.set(tid, { ...time, pid, name: process.name });
    }
  }
  return times;
}

/**
 * Name, CPU time in seconds and CPU from the text of /proc/PID/stat, or of a thread's.
 *
 * @see {@link https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html proc_pid_stat(5)}
 */
export function parseStat(text: string): Pick<ThreadTime, "name" | "seconds" | "cpu"> | null {
  const match = /^\d+ \((.*)\) (.+)$/s.exec(text);
  if (!match) return null;
  // The name may hold spaces and brackets; fields are counted from the third on.
  const fields = match[2]!.split(" ").map(Number);
  const field = (number: number) => fields[number - 3] ?? 0;
  return {
    name: match[1]!,
    seconds: (field(14) + field(15)) * TICK_SECONDS,
    cpu: field(39),
  };
}
