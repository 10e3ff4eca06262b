// @gate alone

import { assert, assertEquals, assertRejects } from "@std/assert";
import { listFolder, readText, tryReadText } from "../../../facilities/libc/files.ts";
import { allowedCpus } from "../../../facilities/libc/sched.ts";
import { between, takeSnapshot } from "../../../workloads/runner/disturbance.ts";
import { keepAwake } from "../../../workloads/runner/keep_awake.ts";
import { Spinners } from "../../../workloads/runner/spinners.ts";

const cpus = allowedCpus();
const cpu = cpus.at(-1)!;
const SCHED_IDLE = 5;

/** Fields of /proc/PID/task/TID/stat from the third on, see proc_pid_stat(5); none once it ended. */
function statOf(thread: number | string): string[] {
  return tryReadText(`/proc/self/task/${thread}/stat`)?.split(") ")[1]?.split(" ") ?? [];
}

/** Scheduling policy, field 41. */
const policyOf = (thread: number | string) => Number(statOf(thread)[41 - 3]);
/** Lets other threads run until the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

Deno.test("a spinner is of the idle class and pinned to its CPU, and its threads end with it", async () => {
  const before = listFolder("/proc/self/task");
  const awake = await keepAwake([cpu]);
  assertEquals(awake.threads.length, 1);
  const [thread] = awake.threads;
  assertEquals(policyOf(thread!), SCHED_IDLE);
  const status = readText(`/proc/self/task/${thread}/status`);
  assertEquals(/^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1], `${cpu}`);
  await awake.stop();
  const left = listFolder("/proc/self/task").filter((name) => !before.includes(name));
  assertEquals(left.includes(`${thread}`), false);
  await awake.stop();
});

Deno.test("while a CPU is kept awake its idle time does not grow", async () => {
  await using awake = await keepAwake([cpu]);
  const before = takeSnapshot();
  const ticks = () => takeSnapshot().cpus.get(cpu)!.total - before.cpus.get(cpu)!.total;
  await until(() => ticks() >= 20);
  const { busy } = between(before, takeSnapshot()).cpus.find((one) => one.cpu === cpu)!;
  assert(busy > 0.5, `CPU ${cpu} was busy for ${busy} of the time`);
  assertEquals(statOf(awake.threads[0]!)[0], "R", "the spinner wants to run all the time");
});

Deno.test("one spinner a CPU, however often it is named", async () => {
  await using awake = await keepAwake([cpu, cpu]);
  assertEquals(awake.threads.length, 1);
});

Deno.test("a CPU that is not there is refused by name, and no spinner stays", async () => {
  const missing = 1023;
  await assertRejects(() => keepAwake([cpu, missing]), Error, `Cannot keep CPU ${missing} awake`);
  // A worker that had nothing to spin on may end between the listing and the look.
  const policies = listFolder("/proc/self/task").map(policyOf);
  assertEquals(policies.includes(SCHED_IDLE), false);
});

Deno.test("the spinners end when their owner is killed", async () => {
  const module = new URL("../../../workloads/runner/keep_awake.ts", import.meta.url);
  const code = `import { keepAwake } from "${module}";
    const awake = await keepAwake([${cpu}]);
    console.log(JSON.stringify(awake.threads));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-ffi",
      "--allow-read",
      `data:text/typescript,${encodeURIComponent(code)}`,
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  const [thread] = JSON.parse(new TextDecoder().decode((await reader.read()).value));
  assert(listFolder(`/proc/${child.pid}/task`).includes(`${thread}`));
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  assertEquals(listFolder("/proc").includes(`${child.pid}`), false);
});

Deno.test("a spinner whose CPU is not named sleeps, and spins again when it is", async () => {
  await using awake = await keepAwake([cpu]);
  const state = () => statOf(awake.threads[0]!)[0];
  using spinners = new Spinners(awake.link);
  spinners.keepOnly([]);
  assertEquals(state(), "S");
  spinners.keepOnly([]);
  assertEquals(state(), "S", "it was told so before");
  spinners.keepOnly([cpu]);
  await until(() => state() === "R");
});

Deno.test("a spinner that sleeps can be stopped", async () => {
  const awake = await keepAwake([cpu]);
  using spinners = new Spinners(awake.link);
  spinners.keepOnly([]);
  await awake.stop();
  assertEquals(statOf(awake.threads[0]!), []);
});
