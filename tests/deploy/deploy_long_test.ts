// @gate long alone

import { assertEquals } from "@std/assert";
import { parseRun } from "../../workloads/runner/run_file.ts";
import { ROOT } from "../paths.ts";

/** Runs the array script as a task of an array would. */
async function task(args: string[], file: string, folder: string) {
  const { code, stderr } = await new Deno.Command("bash", {
    args: [`${ROOT}/deploy/slurm/bench.sh`, ...args],
    cwd: folder,
    env: {
      DENO: Deno.execPath(),
      IPC_TAXONOMY_FILE: file,
      IPC_TAXONOMY_STORE: `${folder}/history.sqlite`,
      TMPDIR: folder,
      SLURM_ARRAY_JOB_ID: "7",
      SLURM_ARRAY_TASK_ID: "3",
      SLURM_JOB_PARTITION: "fat",
    },
    stdout: "null",
  }).output();
  return { code, err: new TextDecoder().decode(stderr) };
}

Deno.test("the array script measures, says which task it was, and cleans up", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  try {
    const options = "--facility pipe --workload round-trip --size 64 --placement unpinned";
    const short = [...options.split(" "), "--trials", "1", "--budget", "5s", "--json", "run.json"];
    const { code, err } = await task(short, `${ROOT}/cli/main.ts`, folder);
    assertEquals(code, 0, err);
    const run = parseRun(await Deno.readTextFile(`${folder}/run.json`), "run.json");
    assertEquals([run.label, run.host.instance], ["slurm 7 task 3", "fat"]);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(left.filter((name) => !/^history\.sqlite/.test(name)), ["run.json"]);
    const wrong = await task([], `${folder}/none.js`, folder);
    assertEquals([wrong.code, wrong.err.trim().split("\n").length], [2, 1]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
