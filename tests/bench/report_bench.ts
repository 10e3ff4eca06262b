/**
 * How making the report grows with the number of runs in the history: each site is made from a real
 * SQLite store, read run by run as `deno task report` does.
 *
 *     deno bench -A tests/bench/report_bench.ts
 *
 * @module
 */
import { openStore } from "../../reports/history/open_store.ts";
import { writeSite } from "../../reports/html/mod.ts";
import { hourlyRuns } from "../reports/html/synthetic_run.ts";

const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-report-bench-" });
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

async function* stored(path: string) {
  await using store = await openStore(path, { create: false });
  for (const { id } of await store.list({ limit: 10_000 })) yield (await store.get(id))!;
}

for (const count of [10, 100, 1_000]) {
  const path = `${folder}/${count}.sqlite`;
  await using store = await openStore(path, { create: true });
  for (const run of hourlyRuns(count)) await store.add(run);
  Deno.bench({
    name: `site of ${count} stored runs`,
    group: "report",
    baseline: count === 10,
    n: 3,
    warmup: 1,
  }, async () => {
    await writeSite(stored(path), `${folder}/site-${count}`);
  });
}
