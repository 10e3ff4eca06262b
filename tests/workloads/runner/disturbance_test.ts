// @gate alone

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  between,
  parseCpuTimes,
  parsePressure,
  parseThrottling,
  snapshotOf,
  suspicions,
  takeSnapshot,
} from "../../../workloads/runner/disturbance.ts";
import { recordedFiles } from "../../../workloads/runner/file_tree.ts";
import { CONTAINER_V1, CPUSET } from "./sys_trees.ts";

// user nice system idle iowait irq softirq steal guest guest_nice
const STAT_BEFORE = `cpu  6932 0 3040 215382 2001 0 152 7 0 0
cpu0 2254 0 1240 110176 30 0 57 4 0 0
cpu1 4677 0 1799 105206 1971 0 94 2 0 0
intr 277919 0 0
ctxt 478142
`;
const STAT_AFTER = `cpu  7112 0 3060 215472 2001 0 152 17 0 0
cpu0 2254 0 1240 110266 30 0 57 14 0 0
cpu1 4857 0 1819 105206 1971 0 94 2 0 0
intr 278919 0 0
ctxt 479142
`;

Deno.test("CPU times are read without the sum over all and without counting guests twice", () => {
  assertEquals(
    parseCpuTimes("cpu  9 9 9 9\ncpu12 100 1 20 300 4 5 6 7 50 1\nintr 1\n"),
    new Map([[12, { total: 443, idle: 304, steal: 7, interrupts: 11 }]]),
  );
});

Deno.test("pressure is the total of `some`, or null where the kernel does not count", () => {
  const text = "some avg10=0.12 avg60=0.81 avg300=0.52 total=7463307\n" +
    "full avg10=0.00 avg60=0.00 avg300=0.00 total=11\n";
  assertEquals(parsePressure(text), 7_463_307);
  assertEquals(parsePressure(""), null);
});

Deno.test("throttling is read in the units of either version", () => {
  const one = "nr_periods 900\nnr_throttled 12\nthrottled_time 3500000000\n";
  const two = "usage_usec 5\nnr_periods 900\nnr_throttled 12\nthrottled_usec 3500000\n";
  assertEquals(parseThrottling(one), { periods: 12, seconds: 3.5 });
  assertEquals(parseThrottling(two), { periods: 12, seconds: 3.5 });
  assertEquals(parseThrottling("usage_usec 5\n"), null);
});

const status = (switches: number) =>
  `Name:\tdeno\nvoluntary_ctxt_switches:\t9\nnonvoluntary_ctxt_switches:\t${switches}\n`;

const before = snapshotOf(
  recordedFiles({
    ...CPUSET,
    "/proc/stat": STAT_BEFORE,
    "/proc/pressure/cpu": "some avg10=0.00 avg60=0.00 avg300=0.00 total=1000000\n",
    "/sys/fs/cgroup/ci.slice/cpu.stat": "nr_periods 1\nnr_throttled 3\nthrottled_usec 1000000\n",
    "/sys/fs/cgroup/ci.slice/job-7.scope/cpu.stat": "nr_throttled 0\nthrottled_usec 0\n",
    "/proc/77/task/77/status": status(5),
    "/proc/77/task/78/status": status(10),
    "/proc/loadavg": "0.50 0.20 0.10 1/90 100\n",
  }),
  100,
  [77],
);
const after = snapshotOf(
  recordedFiles({
    ...CPUSET,
    "/proc/stat": STAT_AFTER,
    "/proc/pressure/cpu": "some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\n",
    "/sys/fs/cgroup/ci.slice/cpu.stat": "nr_periods 9\nnr_throttled 7\nthrottled_usec 1250000\n",
    "/sys/fs/cgroup/ci.slice/job-7.scope/cpu.stat": "nr_throttled 0\nthrottled_usec 0\n",
    "/proc/77/task/77/status": status(6),
    "/proc/77/task/78/status": status(31),
    "/proc/loadavg": "0.75 0.20 0.10 1/90 100\n",
  }),
  102,
  [77],
);

Deno.test("what happened between two recorded moments", () => {
  assertEquals(between(before, after), {
    seconds: 2,
    cpus: [
      { cpu: 0, steal: 0.1, interrupts: 0, busy: 1 - 0.9 },
      { cpu: 1, steal: 0, interrupts: 0, busy: 1 },
    ],
    cpuPressure: 0.25,
    throttling: { periods: 4, seconds: 0.25 },
    involuntarySwitches: 22,
    loadAverage: 0.75,
  });
});

Deno.test("only what touches a trial's own CPUs makes it suspect", () => {
  const seen = between(before, after);
  const quota = "the CPU quota ran out 4 times, for 0.250 s in all";
  const marksOf = (cpus: number[]) => suspicions(seen, cpus).map(({ mark }) => mark);
  const steal = { code: "steal", text: "the hypervisor took 10 % of CPU 0" };
  assertEquals(marksOf([0, 1]), [steal, { code: "quota-ran-out", text: quota }]);
  assertEquals(marksOf([1]), [{ code: "quota-ran-out", text: quota }]);
  assertEquals(suspicions(seen, [0, 1]).map(({ kind }) => kind), [
    { code: "steal", text: "the hypervisor took part of CPU 0" },
    { code: "quota-ran-out", text: "the CPU quota ran out" },
  ]);
  assertEquals(suspicions({ ...seen, throttling: null }, [1]), []);
});

Deno.test("idle time that the kernel took back is not negative", () => {
  const back = snapshotOf(
    recordedFiles({ "/proc/stat": "cpu0 2300 0 1240 110170 30 0 57 4\n" }),
    101,
  );
  assertEquals(between(before, back).cpus, [{ cpu: 0, steal: 0, interrupts: 0, busy: 1 }]);
});

Deno.test("a version 1 group that was never throttled reads as zero", () => {
  const tree = {
    ...CONTAINER_V1,
    "/sys/fs/cgroup/cpu,cpuacct/cpu.stat": "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n",
  };
  assertEquals(snapshotOf(recordedFiles(tree), 0).throttling, { periods: 0, seconds: 0 });
});

Deno.test("this machine's counters move forwards, and its own switches are counted", () => {
  const first = takeSnapshot([Deno.pid]);
  const second = takeSnapshot([Deno.pid]);
  assert(first.cpus.size > 0);
  for (const [cpu, { total }] of second.cpus) assert(total >= first.cpus.get(cpu)!.total);
  assert(second.involuntarySwitches >= first.involuntarySwitches);
  assertAlmostEquals(between(first, second).seconds, second.seconds - first.seconds);
});
