// @gate alone

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  examine,
  type Facts,
  type Finding,
  isDisturbed,
} from "../../../workloads/runner/doctor.ts";

const cpu = (cpu: number, core = cpu) => ({ cpu, core, socket: 0, node: 0, sharedCache: [0, 1] });

/** A quiet machine of two bare cores, tuned for measuring. */
const QUIET: Facts = {
  host: {
    machineKey: "Model x2 x86_64 bare-metal",
    hostname: "bench",
    kernel: "Linux 6.12.0",
    arch: "x86_64",
    cpuModel: "Model",
    cpus: 2,
    topology: [cpu(0), cpu(1)],
    memoryBytes: 8e9,
    governor: "performance",
    turbo: false,
    virtualization: null,
    mitigations: { meltdown: "Not affected" },
    cgroup: { version: 2, cpuQuota: null, cpuset: "0-1", memoryBytes: null },
    loadAverage: [0.1, 0.1, 0.1],
    clockSource: "tsc",
    transparentHugePages: "madvise",
    limits: {},
  },
  quiet: {
    seconds: 1,
    cpus: [{ cpu: 0, steal: 0, interrupts: 0, busy: 0.01 }, {
      cpu: 1,
      steal: 0,
      interrupts: 0,
      busy: 0.02,
    }],
    cpuPressure: 0,
    throttling: { periods: 0, seconds: 0 },
    involuntarySwitches: 0,
    loadAverage: 0.1,
  },
  stolenSinceStart: 0,
  onlineCpus: 2,
  smtActive: false,
  container: null,
  idleStates: null,
  largestSize: 1_048_576,
  ceilings: [],
  refusals: [],
  awakeRefused: null,
  leftovers: [],
};

const host = (changes: Partial<Facts["host"]>): Partial<Facts> => ({
  host: { ...QUIET.host, ...changes },
});
const watched = (changes: Partial<Facts["quiet"]>): Partial<Facts> => ({
  quiet: { ...QUIET.quiet, ...changes },
});
const cgroup = (cpuQuota: number) => ({ ...QUIET.host.cgroup, cpuQuota });
const msgmax = {
  name: "kernel.msgmax",
  value: 8192,
  unit: "bytes",
  source: "/proc/sys/kernel/msgmax",
  raise: "sysctl -w kernel.msgmax=VALUE",
};
const shm = {
  name: "/dev/shm free",
  value: 67_108_864,
  source: "statvfs(/dev/shm)",
  raise: "mount -o remount,size=VALUE /dev/shm",
};

/** What is changed about the quiet machine, the finding it leads to, and a word of it. */
const ROWS: [Partial<Facts>, id: string, Finding["severity"], word: string][] = [
  [
    watched({ cpus: [{ cpu: 1, steal: 0, interrupts: 0, busy: 0.5 }] }),
    "load",
    "disturbs",
    "CPU 1 50 %",
  ],
  [
    watched({ cpus: [{ cpu: 7, steal: 0, interrupts: 0, busy: 0.5 }] }),
    "load",
    "ok",
    "load average",
  ],
  [host({ loadAverage: [3, 1, 1] }), "load", "note", "3.00"],
  [
    watched({ cpus: [{ cpu: 1, steal: 0.04, interrupts: 0, busy: 0.04 }] }),
    "steal",
    "disturbs",
    "4.0 %",
  ],
  [{ stolenSinceStart: 0.2 }, "steal", "note", "20 %"],
  [watched({ throttling: { periods: 3, seconds: 0.2 } }), "cpu-quota", "disturbs", "3 times"],
  [host({ cgroup: cgroup(1.5) }), "cpu-quota", "disturbs", "taskset -c 0"],
  [host({ cgroup: cgroup(0.5) }), "cpu-quota", "disturbs", "Lift the limit"],
  [host({ cgroup: cgroup(4) }), "cpu-quota", "note", "4 CPUs"],
  [{ onlineCpus: 8 }, "cpus", "note", "0-1 of 8"],
  [host({ cpus: 1, topology: [cpu(1)] }), "cpus", "note", "same-cpu"],
  [host({ governor: "powersave" }), "governor", "disturbs", "cpupower"],
  [host({ governor: null }), "governor", "ok", "not scaled"],
  [host({ turbo: true }), "turbo", "note", "no_turbo"],
  [{ idleStates: "intel_idle/menu" }, "idle-states", "note", "--awake"],
  [host({ virtualization: "kvm" }), "idle-states", "note", "hypervisor"],
  [host({ topology: [cpu(0), cpu(4, 0)] }), "smt", "note", "1 cores"],
  [{ smtActive: true }, "smt", "note", "siblings"],
  [host({ virtualization: "kvm" }), "virtualization", "note", "kvm"],
  [{ container: "docker" }, "container", "note", "docker"],
  [host({ clockSource: "hpet" }), "clock-source", "disturbs", "hpet"],
  [host({ clockSource: "arch_sys_counter" }), "clock-source", "ok", "arch_sys_counter"],
  [host({ transparentHugePages: "always" }), "huge-pages", "note", "madvise"],
  [host({ mitigations: { meltdown: "Mitigation: PTI" } }), "mitigations", "note", "meltdown"],
  [{ awakeRefused: "Cannot keep CPU 1 awake" }, "awake", "note", "Cannot keep CPU 1 awake"],
  [
    { ceilings: [{ facility: "sysv-message-queue", limit: msgmax }] },
    "limit:sysv-message-queue",
    "note",
    "sysctl -w kernel.msgmax=1048576",
  ],
  [host({ limits: { [shm.name]: shm } }), "shared-memory", "note", "--shm-size="],
  [
    { refusals: [{ facility: "pipe", reason: "pipe2 failed: EMFILE", code: "EMFILE" }] },
    "refused:pipe",
    "note",
    "clean",
  ],
  [
    { refusals: [{ facility: "memfd", reason: "memfd_create failed: EPERM", code: "EPERM" }] },
    "refused:memfd",
    "note",
    "seccomp",
  ],
  [{ leftovers: ["/dev/shm/ipc-taxonomy-1"] }, "leftovers", "note", "/dev/shm/ipc-taxonomy-1"],
];

Deno.test("a tuned and quiet machine has nothing but good findings", () => {
  const findings = examine(QUIET);
  assertEquals(findings.filter(({ severity }) => severity !== "ok"), []);
  assert(findings.length >= 14);
});

for (const [index, [changes, id, severity, word]] of ROWS.entries()) {
  Deno.test(`finding ${index + 1}: ${id} is ${severity} and says "${word}"`, () => {
    const findings = examine({ ...QUIET, ...changes });
    const finding = findings.find((one) => one.id === id);
    assertEquals(finding?.severity, severity);
    assertStringIncludes(`${finding?.what} ${finding?.meaning} ${finding?.remedy}`, word);
    assertEquals(isDisturbed(findings), severity === "disturbs");
  });
}

Deno.test("every finding that is not ok says what it means, and no two share an id", () => {
  const everything = ROWS.flatMap(([changes]) => examine({ ...QUIET, ...changes }));
  for (const { id, severity, meaning, remedy } of everything) {
    assertEquals(meaning !== null, severity !== "ok", id);
    if (severity === "disturbs") assert(remedy, id);
  }
  const ids = examine(QUIET).map(({ id }) => id);
  assertEquals(new Set(ids).size, ids.length);
});
