/**
 * What on this machine disturbs measuring, what it means for the numbers, and what would help.
 *
 * Every examination is a pure function of the facts, so that machines of all kinds can be examined
 * in tests; `doctor_facts.ts` gathers the facts of this one.
 *
 * @module
 */
import { describeLimit, type Limit, raiseTo } from "../../facilities/limits.ts";
import { formatCpuList } from "./cpu_list.ts";
import { type Disturbance, percent } from "./disturbance.ts";
import type { Host } from "./document.ts";

/** One thing that was looked at. */
export interface Finding {
  id: string;
  /** `disturbs`: the numbers are not to be trusted as they are; `note`: know this when reading. */
  severity: "ok" | "note" | "disturbs";
  /** What was found. */
  what: string;
  /** What it means for the numbers; null where all is well. */
  meaning: string | null;
  /** What to do about it; null where nothing is needed or possible. */
  remedy: string | null;
}

/** What the examinations need to know. */
export interface Facts {
  host: Host;
  /** What happened while nothing was measured. */
  quiet: Disturbance;
  /** Share of all CPU time that was stolen since the system started, 0 to 1. */
  stolenSinceStart: number;
  /** CPUs that are online, whether or not this process may use them. */
  onlineCpus: number;
  /** Whether the cores have several hardware threads switched on; null where nothing tells. */
  smtActive: boolean | null;
  container: string | null;
  /** Driver and governor of the idle states, such as `intel_idle/menu`; null where there is none. */
  idleStates: string | null;
  /** Largest message that the standard plan sends, bytes. */
  largestSize: number;
  ceilings: Ceiling[];
  refusals: Refusal[];
  /** Why CPUs cannot be kept awake, null when they can. */
  awakeRefused: string | null;
  /** Objects of earlier runs that are still there. */
  leftovers: string[];
}

/** The largest message of a facility that cannot carry the largest of the plan. */
export interface Ceiling {
  facility: string;
  limit: Limit;
}

/** A facility that could not be created when it was tried. */
export interface Refusal {
  facility: string;
  reason: string;
  /** The errno's name, where a call failed. */
  code: string | null;
}

/** All findings, those about the machine first. */
export function examine(facts: Facts): Finding[] {
  return [
    load(facts),
    steal(facts),
    quota(facts),
    cpuset(facts),
    governor(facts),
    turbo(facts),
    idleStates(facts),
    smt(facts),
    virtualization(facts),
    container(facts),
    clockSource(facts),
    hugePages(facts),
    mitigations(facts),
    keptAwake(facts),
    ...ceilings(facts),
    sharedMemoryRoom(facts),
    ...refusals(facts),
    leftovers(facts),
  ];
}

/** True where something disturbs. */
export function isDisturbed(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === "disturbs");
}

const ok = (id: string, what: string): Finding => ({
  id,
  severity: "ok",
  what,
  meaning: null,
  remedy: null,
});

const note = (
  id: string,
  what: string,
  meaning: string,
  remedy: string | null = null,
): Finding => ({
  id,
  severity: "note",
  what,
  meaning,
  remedy,
});

const disturbs = (id: string, what: string, meaning: string, remedy: string): Finding => ({
  id,
  severity: "disturbs",
  what,
  meaning,
  remedy,
});

/** A CPU that others use for more than this share is not the suite's own. */
const BUSY_TOLERATED = 0.1;

function load({ host, quiet }: Facts): Finding {
  const usable = host.topology.map(({ cpu }) => cpu);
  const cpus = quiet.cpus.filter(({ cpu }) => usable.includes(cpu));
  const busy = cpus.filter(({ busy }) => busy > BUSY_TOLERATED);
  const average = `load average ${host.loadAverage[0].toFixed(2)}`;
  if (busy.length > 0) {
    const list = busy.map(({ cpu, busy }) => `CPU ${cpu} ${percent(busy)}`).join(", ");
    const waiting = quiet.cpuPressure
      ? `, and had to wait for one ${percent(quiet.cpuPressure)} of it`
      : "";
    return disturbs(
      "load",
      `Others keep CPUs busy: ${list} of ${quiet.seconds.toFixed(1)} s${waiting}; ${average}`,
      "Participants are put aside for other work: slower means, far slower tails",
      "End the other work (top shows it), or leave its CPUs out with taskset",
    );
  }
  const most = Math.max(0, ...cpus.map(({ busy }) => busy));
  if (host.loadAverage[0] > host.cpus / 2) {
    return note(
      "load",
      `Quiet now (${percent(most)} busy at most), but not in the last minute: ${average}`,
      "What ran a moment ago may run again",
      "Wait until the load average has fallen",
    );
  }
  return ok("load", `No CPU was busy for more than ${percent(most)}; ${average}`);
}

function steal({ quiet, stolenSinceStart }: Facts): Finding {
  const worst = Math.max(0, ...quiet.cpus.map(({ steal }) => steal));
  if (worst > 0.01) {
    return disturbs(
      "steal",
      `The hypervisor takes ${percent(worst)} of a CPU's time for other guests`,
      "Stolen time counts as the facility's: single figures are off, and so are whole runs",
      "Measure when the physical machine is quieter, or on dedicated CPUs",
    );
  }
  if (stolenSinceStart > 0.01) {
    return note(
      "steal",
      `No time is stolen now, but ${percent(stolenSinceStart)} was since the start`,
      "Other guests of the physical machine may come back; trials that lost time are marked",
    );
  }
  return ok("steal", "No CPU time goes to other guests");
}

function quota({ host, quiet }: Facts): Finding {
  const { cpuQuota, version } = host.cgroup;
  if (quiet.throttling && quiet.throttling.periods > 0) {
    return disturbs(
      "cpu-quota",
      `The control group ran out of CPU time ${quiet.throttling.periods} times just now`,
      "All participants stop until the next period, up to 100 ms each time",
      "Raise or lift the CPU limit of the container or service",
    );
  }
  if (cpuQuota === null) return ok("cpu-quota", "No control group limits the CPU time");
  const what = `The control group (version ${version}) may use ${cpuQuota} CPUs' worth of time`;
  if (cpuQuota < host.cpus) {
    const fitting = host.topology.slice(0, Math.floor(cpuQuota)).map(({ cpu }) => cpu);
    return disturbs(
      "cpu-quota",
      `${what}, on ${host.cpus} CPUs`,
      "Busy participants are stopped for the rest of a period: totals suffer, medians hide it",
      "Lift the limit" +
        (fitting.length > 0 ? `, or use no more CPUs: taskset -c ${formatCpuList(fitting)}` : ""),
    );
  }
  return note("cpu-quota", what, "Enough for the participants, if nothing else runs in the group");
}

function cpuset({ host, onlineCpus }: Facts): Finding {
  const list = formatCpuList(host.topology.map(({ cpu }) => cpu));
  if (host.cpus === 1) {
    return note(
      "cpus",
      `One CPU (${list}) of ${onlineCpus} online may be used`,
      "Only same-cpu cells are offered, and all else on the machine runs on that CPU too",
      onlineCpus > 1 ? "Widen taskset or the cpuset to two CPUs or more" : null,
    );
  }
  if (host.cpus < onlineCpus) {
    return note(
      "cpus",
      `CPUs ${list} of ${onlineCpus} online may be used`,
      "Placements between the others are not offered",
      "Widen taskset or the cpuset where those placements are wanted",
    );
  }
  return ok("cpus", `All ${onlineCpus} online CPUs may be used`);
}

function governor({ host }: Facts): Finding {
  if (host.governor === null) {
    return host.virtualization
      ? ok("governor", "The guest has no say in the CPU's frequency")
      : ok("governor", "The CPU's frequency is not scaled by the kernel");
  }
  if (host.governor === "performance") return ok("governor", "The governor is performance");
  return disturbs(
    "governor",
    `The frequency governor is ${host.governor}`,
    "The clock rate follows the load, so that a facility that sleeps also runs slower",
    "cpupower frequency-set -g performance",
  );
}

function turbo({ host }: Facts): Finding {
  if (host.turbo === null) return ok("turbo", "Nothing tells of a turbo mode");
  if (!host.turbo) return ok("turbo", "Turbo is off");
  return note(
    "turbo",
    "Turbo is on",
    "The clock rate depends on temperature and on what other cores do: runs differ by some percent",
    "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo, " +
      "or echo 0 > /sys/devices/system/cpu/cpufreq/boost",
  );
}

function idleStates({ host, idleStates }: Facts): Finding {
  if (idleStates === null && !host.virtualization) {
    return ok("idle-states", "No driver of idle states");
  }
  return note(
    "idle-states",
    idleStates
      ? `Idle CPUs go to sleep (${idleStates})`
      : "Idle CPUs halt, and the hypervisor has to wake them",
    "A wake-up of an idle CPU costs more than any facility: microseconds to hundreds of them",
    "Measure with --awake to leave that cost out",
  );
}

function smt({ host, smtActive }: Facts): Finding {
  const cores = new Set(host.topology.map(({ core }) => core)).size;
  if (cores === host.cpus && smtActive) {
    return note(
      "smt",
      "The usable CPUs are hardware threads whose siblings belong to others",
      "Work on a sibling slows a participant by up to half, and cannot be seen from here",
      "Give whole cores to the cpuset",
    );
  }
  if (cores === host.cpus) return ok("smt", "No two usable CPUs share a core");
  return note(
    "smt",
    `${host.cpus} CPUs are hardware threads of ${cores} cores`,
    "Work on a sibling slows a participant by up to half; cells of placement smt mean to",
    "echo off > /sys/devices/system/cpu/smt/control, or keep the siblings free",
  );
}

function virtualization({ host }: Facts): Finding {
  if (host.virtualization === null) return ok("virtualization", "No hypervisor is seen");
  return note(
    "virtualization",
    `A virtual machine (${host.virtualization})`,
    "The host may move, stop and slow its CPUs; figures come in states that last for minutes",
    "Compare only with runs of the same machine key, and only like states",
  );
}

function container({ container }: Facts): Finding {
  if (container === null) return ok("container", "No container is seen");
  return note(
    "container",
    `A container (${container})`,
    "System calls may pass a filter (seccomp), and limits are the container's",
    "Compare with a run outside to see what the container costs",
  );
}

/** Sources that a process reads without entering the kernel. */
const FAST_CLOCKS = ["tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page"];

function clockSource({ host }: Facts): Finding {
  const { clockSource } = host;
  if (clockSource === null) return ok("clock-source", "The clock's source is not told");
  if (FAST_CLOCKS.includes(clockSource)) {
    return ok("clock-source", `The clock is ${clockSource}, read without a system call`);
  }
  return disturbs(
    "clock-source",
    `The clock is ${clockSource}, which takes a system call to read`,
    "Each reading costs up to a microsecond, in every latency that is timed one by one",
    "Boot with clocksource=tsc where the kernel log has no complaint about it",
  );
}

function hugePages({ host }: Facts): Finding {
  const setting = host.transparentHugePages;
  if (setting !== "always") {
    return ok("huge-pages", setting ? `Transparent huge pages: ${setting}` : "No huge pages");
  }
  return note(
    "huge-pages",
    "Transparent huge pages: always",
    "Large buffers may get huge pages or not, by luck: throughput of large sizes has two values",
    "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled",
  );
}

function mitigations({ host }: Facts): Finding {
  const active = Object.entries(host.mitigations)
    .filter(([, state]) => state.startsWith("Mitigation"))
    .map(([name]) => name);
  if (active.length === 0) return ok("mitigations", "No mitigation of CPU vulnerabilities is on");
  return note(
    "mitigations",
    `Mitigations are on: ${active.join(", ")}`,
    "System calls and context switches cost more than on a CPU that needs none",
    "Leave them on; compare only with machines that have the same",
  );
}

function keptAwake({ awakeRefused }: Facts): Finding {
  if (awakeRefused === null) return ok("awake", "CPUs can be kept awake");
  return note("awake", awakeRefused, "--awake does not work", "Allow sched_setscheduler");
}

function ceilings({ ceilings, largestSize }: Facts): Finding[] {
  return ceilings.map(({ facility, limit }) =>
    note(
      `limit:${facility}`,
      `${facility}: ${describeLimit(limit)}`,
      `Cells with larger messages are not-applicable (the plan goes up to ${largestSize} bytes)`,
      raiseTo(limit, largestSize),
    )
  );
}

/** Docker gives a container 64 MiB, which the largest regions and rings use up. */
const ROOM_WANTED = 128 * 1024 * 1024;

function sharedMemoryRoom({ host }: Facts): Finding {
  const free = host.limits["/dev/shm free"];
  if (!free || free.value >= ROOM_WANTED) return ok("shared-memory", "/dev/shm has room");
  return note(
    "shared-memory",
    `/dev/shm has ${free.value} bytes free`,
    "A write to POSIX shared memory beyond that kills the participant (SIGBUS)",
    `${raiseTo(free, 2 * ROOM_WANTED)}, or docker run --shm-size=${2 * ROOM_WANTED}`,
  );
}

function refusals({ refusals }: Facts): Finding[] {
  return refusals.map(({ facility, reason, code }) =>
    note(
      `refused:${facility}`,
      `${facility} cannot be used: ${reason}`,
      "Its cells are not measured",
      remedyFor(code),
    )
  );
}

function remedyFor(code: string | null): string | null {
  switch (code) {
    case "EACCES":
    case "EPERM":
      return "Run as a user who may, or allow the call in the container's seccomp profile";
    case "ENOSYS":
      return "Use a kernel that has it, or allow the call in the container's seccomp profile";
    case "EMFILE":
    case "ENFILE":
    case "ENOSPC":
    case "EAGAIN":
      return "A limit is used up: deno task clean removes what earlier runs left behind";
    default:
      return null;
  }
}

function leftovers({ leftovers }: Facts): Finding {
  if (leftovers.length === 0) return ok("leftovers", "Earlier runs left nothing behind");
  return note(
    "leftovers",
    `Objects of another run are there: ${leftovers.join(", ")}`,
    "They hold memory and count against limits; a run that is going on has such objects too",
    "deno task clean, once no run is going on",
  );
}
