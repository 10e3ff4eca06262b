// @gate long alone

import { assert, assertEquals, assertGreater } from "@std/assert";
import { allowedCpus } from "../../facilities/libc/sched.ts";
import { startHogs } from "../../reports/check/self_test/hogs.ts";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { warningsWith } from "../../workloads/runner/warning.ts";
import { command } from "./command.ts";

/** A pipe on the first CPU. */
async function run(): Promise<{ err: string; document: RunDocument }> {
  const json = await Deno.makeTempFile();
  const { code, err } = await command(
    ...["bench", "--facility", "pipe", "--workload", "round-trip", "--size", "64"],
    ...["--placement", "same-cpu", "--trials", "4", "--budget", "10s", "--seed", "1"],
    ...["--no-report", "--no-store", "--json", json],
  );
  assertEquals(code, 0, err);
  const document: RunDocument = JSON.parse(await Deno.readTextFile(json));
  await Deno.remove(json);
  return { err, document };
}

Deno.test("a hog on the measured CPU is told of, by the run and by each trial", async () => {
  let document: RunDocument;
  {
    await using _hogs = await startHogs(allowedCpus());
    ({ document } = await run());
  }
  const [warning] = warningsWith("other-processes", document.warnings);
  assert(warning, JSON.stringify(document.warnings));
  assert(warning.text.startsWith("other processes used CPU"), warning.text);
  assert(warning.text.includes(`the busiest was process ${Deno.pid} `), warning.text);
  assert(warning.text.endsWith("end them, or leave their CPUs out with taskset"), warning.text);
  const trials = document.cells.flatMap((cell) => cell.status === "measured" ? cell.trials : []);
  const marked = trials.filter(({ marks }) => warningsWith("other-processes", marks).length > 0);
  assertGreater(marked.length, trials.length / 2);
});
