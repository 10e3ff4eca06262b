// @gate alone

import { assert, assertEquals, assertMatch } from "@std/assert";
import { allowedCpus } from "../../../facilities/libc/sched.ts";
import { cpuSecondsOfFamily } from "../../../facilities/libc/sys_resource.ts";
import { othersOn } from "../../../workloads/runner/disturbance.ts";
import { recordedFiles } from "../../../workloads/runner/file_tree.ts";
import { warningsWith } from "../../../workloads/runner/warning.ts";
import {
  parseStat,
  type ThreadTime,
  threadTimes,
  usages,
  Watch,
} from "../../../workloads/runner/watch.ts";

const cpu = allowedCpus().at(-1)!;

/** Burns a CPU in a process of its own until it is disposed; ready once it does. */
async function hog(cpu: number): Promise<AsyncDisposable & { pid: number }> {
  const sched = import.meta.resolve("../../../facilities/libc/sched.ts");
  const code = `import { pin, pinOtherThreads } from "${sched}";
    pin([${cpu}]);
    pinOtherThreads([${cpu}]);
    console.log("burning");
    for (;;);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-ffi",
      "--allow-read",
      `data:text/typescript,${encodeURIComponent(code)}`,
    ],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  return {
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
    },
  };
}

/** Waits until a process has burnt so much. */
async function burnt(pid: number, seconds: number): Promise<void> {
  const used = () => parseStat(Deno.readTextFileSync(`/proc/${pid}/stat`))!.seconds;
  const start = used();
  while (used() - start < seconds) await new Promise((resolve) => setTimeout(resolve, 10));
}

Deno.test("a hog on a measured CPU is noticed, and the busiest process is named", async () => {
  await using burning = await hog(cpu);
  const watch = new Watch([cpu]);
  const { marks } = await watch.during(() => burnt(burning.pid, 0.3));
  watch.look();
  const [mark] = warningsWith("other-processes", marks);
  assertMatch(mark!.text, /other processes used \d+ % of a CPU/);
  const [warning] = warningsWith("other-processes", watch.warnings());
  assertMatch(
    warning!.text,
    new RegExp(`used CPU ${cpu} during 1 of 1 trials, up to \\d+ % of a CPU`),
  );
  assertMatch(warning!.text, /the busiest was process \d+ \(.+\), with \d+ % of CPU \d+: end them/);
});

Deno.test("what one's own processes use is not others'", async () => {
  const before = cpuSecondsOfFamily();
  const code = "const end = performance.now() + 300; while (performance.now() < end);";
  await new Deno.Command(Deno.execPath(), { args: ["eval", code] }).output();
  assert(cpuSecondsOfFamily() - before > 0.05, "a child that was waited for counts");
});

const seen = {
  seconds: 2,
  cpus: [
    { cpu: 0, steal: 0.1, interrupts: 0.1, busy: 0.9 },
    { cpu: 1, steal: 0, interrupts: 0, busy: 0.8 },
  ],
  cpuPressure: null,
  throttling: null,
  involuntarySwitches: 0,
  loadAverage: 0,
};

Deno.test("others are what is left of the CPUs' time without one's own, steal and interrupts", () => {
  assertEquals(othersOn(seen, [0, 1], 2), 0.9 - 0.2 + 0.8 - 1);
  assertEquals(othersOn(seen, [1], 0), 0.8);
  assertEquals(othersOn(seen, [1], 4), 0);
});

Deno.test("a process's time is read whatever its name", () => {
  const fields = Array.from({ length: 50 }, (_, at) => at + 3);
  fields[14 - 3] = 250;
  fields[15 - 3] = 50;
  fields[39 - 3] = 1;
  const text = (name: string) => `42 (${name}) R ${fields.slice(1).join(" ")}`;
  for (const name of ["yes", "a b", "a) R 1", "(("]) {
    assertEquals(parseStat(text(name)), { name, seconds: 3, cpu: 1 });
  }
  assertEquals(parseStat(""), null);
});

Deno.test("a process's threads count for it, each on its own CPU", () => {
  const text = (name: string, ticks: number, cpu: number) => {
    const fields: (string | number)[] = Array(50).fill(0);
    fields[14 - 3] = ticks;
    fields[39 - 3] = cpu;
    return `42 (${name}) R ${fields.slice(1).join(" ")}`;
  };
  const tree = (ticks: number) =>
    threadTimes(recordedFiles({
      "/proc/42/stat": text("idle at its top", 3 * ticks, 0),
      "/proc/42/task/42/stat": text("idle at its top", 0, 0),
      "/proc/42/task/43/stat": text("worker", ticks, 1),
      "/proc/42/task/44/stat": text("worker", ticks, 2),
      "/proc/42/task/45/stat": text("worker", ticks, 3),
      "/proc/50/stat": text("other", ticks, 1),
      "/proc/50/task/50/stat": text("other", ticks, 1),
      "/proc/stat": "cpu 1",
      "/proc/7/x": "",
    }));
  const [before, after] = [tree(100), tree(150)];
  assertEquals([...after.keys()], [42, 43, 44, 45, 50]);
  assertEquals(usages(before, after, 1, [0, 1, 2]), [
    { pid: 42, name: "idle at its top", cpus: [1, 2], share: 1 },
    { pid: 50, name: "other", cpus: [1], share: 0.5 },
  ]);
  assertEquals(usages(new Map<number, ThreadTime>(), after, 1, [1]), []);
});

Deno.test("no CPU gives more than all of its time, however many threads were last seen on it", () => {
  const threads = (seconds: number, cpus: readonly number[]) =>
    new Map(cpus.map((cpu, tid): [number, ThreadTime] => [
      tid,
      { pid: 42, name: "make", seconds, cpu },
    ]));
  const share = (cpus: readonly number[], seconds: number) =>
    usages(threads(0, cpus), threads(seconds, cpus), 1, [0, 1]).map(({ share }) => share);
  assertEquals(share([1, 1, 1], 0.85), [1]);
  assertEquals(share([0, 1, 1, 1], 0.85), [1.85]);
  assertEquals(share([1, 1, 1], 0.25), [0.75]);
});

Deno.test("less than three ticks are no usage, however short the time between two looks", () => {
  const thread = (seconds: number) => new Map([[7, { pid: 7, name: "top", seconds, cpu: 1 }]]);
  assertEquals(usages(thread(0), thread(0.02), 0.001, [1]), []);
  assertEquals(usages(thread(0), thread(0.03), 0.1, [1]).length, 1);
});
