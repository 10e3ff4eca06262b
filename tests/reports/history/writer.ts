/** Adds runs to a store until it has added `count` of them or is killed; prints each id that is in. */
import { openStore } from "../../../reports/history/open_store.ts";
import { sampleRun } from "../../workloads/runner/sample_run.ts";

const [path, prefix, count] = Deno.args;
const encoder = new TextEncoder();
await using store = await openStore(path);
for (let i = 0; i < Number(count); i++) {
  const id = `${prefix}-${i}`;
  await store.add(sampleRun({ id, seed: i }));
  Deno.stdout.writeSync(encoder.encode(`${id}\n`));
}
