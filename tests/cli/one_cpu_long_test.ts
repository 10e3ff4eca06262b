// @gate long alone

import { assert, assertEquals } from "@std/assert";
import { allowedCpus } from "../../facilities/libc/sched.ts";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { fromFileUrl } from "../paths.ts";
import { permissions } from "./command.ts";

const cpu = allowedCpus().at(-1)!;

/** Runs the command line as `taskset -c CPU` would start it. */
async function onOneCpu(...args: string[]) {
  const program = import.meta.resolve("../../cli/main.ts");
  const sched = import.meta.resolve("../../facilities/libc/sched.ts");
  const folder = await Deno.makeTempDir();
  const wrapper = `${folder}/on_one_cpu.ts`;
  await Deno.writeTextFile(
    wrapper,
    `import { pin, pinOtherThreads } from "${sched}";
    pin([${cpu}]);
    pinOtherThreads([${cpu}]);
    const child = new Deno.Command(Deno.execPath(), {
      args: ${
      JSON.stringify([
        "run",
        "--quiet",
        "--no-prompt",
        ...permissions(),
        fromFileUrl(program),
        ...args,
      ])
    },
    });
    Deno.exit((await child.output().then(async ({ code, stdout, stderr }) => {
      await Deno.stdout.write(stdout);
      await Deno.stderr.write(stderr);
      return code;
    })));`,
  );
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...permissions(), wrapper],
  }).output();
  await Deno.remove(folder, { recursive: true });
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("on one CPU everything runs, and nothing across CPUs is offered", async () => {
  const json = await Deno.makeTempFile();
  const { code, err } = await onOneCpu(
    ...["bench", "--facility", "pipe,tcp,posix-shared-memory,futex,flock", "--size", "64"],
    ...["--profile", "standard", "--trials", "1", "--budget", "20s", "--seed", "1"],
    ...["--no-report", "--no-store", "--json", json],
  );
  assertEquals([code, err], [0, ""]);
  const run: RunDocument = JSON.parse(await Deno.readTextFile(json));
  await Deno.remove(json);
  assertEquals(run.host.topology.map(({ cpu }) => cpu), [cpu]);
  assertEquals(run.settings.placements, ["same-cpu", "unpinned"]);
  const measured = run.cells.filter((cell) => cell.status === "measured");
  assertEquals(
    new Set(measured.flatMap(({ trials }) => trials).flatMap(({ cpus }) => cpus)),
    new Set([cpu, -1]),
  );
  const workloads = new Set(measured.map(({ workload }) => workload));
  for (const id of ["round-trip", "throughput", "paced", "one-way", "pairs", "fan-in", "burst"]) {
    assert(workloads.has(id), id);
  }
  assertEquals(workloads.has("core-to-core"), false);
});

Deno.test("on one CPU a placement across CPUs is refused with what there is", async () => {
  const { code, err } = await onOneCpu(
    "bench",
    "--placement",
    "cross-cpu",
    "--no-store",
    "--no-report",
  );
  assertEquals(code, 2);
  assert(err.includes('no placement "cross-cpu"; it offers same-cpu, unpinned'), err);
});
