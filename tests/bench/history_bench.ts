/**
 * How the SQLite history grows: what listing, finding the baseline and a cell's trend take among so
 * many runs. Goal: the list and the newest baseline of 10,000 runs in under 100 ms.
 *
 *     deno bench -A tests/bench/history_bench.ts
 *
 * @module
 */
import { openStore } from "../../reports/history/open_store.ts";
import { hourlyRuns } from "../reports/html/synthetic_run.ts";

const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-history-bench-" });
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

for (const count of [100, 1_000, 10_000]) {
  const store = await openStore(`${folder}/${count}.sqlite`, { create: true });
  const newest: string[] = [];
  let cell = "";
  let machineKey = "";
  for (const run of hourlyRuns(count)) {
    await store.add(run);
    newest.push(run.id);
    cell ||= run.cells.find(({ control, status }) => !control && status === "measured")!.id;
    machineKey = run.host.machineKey;
  }
  await store.setBaseline("main", newest.slice(-5));
  const runs = `of ${count} runs`;
  Deno.bench({ name: `list ${runs}`, group: "list", n: 20 }, async () => {
    await store.list();
  });
  Deno.bench({ name: `newest 20 ${runs}`, group: "newest", n: 20 }, async () => {
    await store.list({ limit: 20 });
  });
  Deno.bench({ name: `newest baseline ${runs}`, group: "baseline", n: 20 }, async () => {
    const [baseline] = await store.baselines(machineKey);
    for (const id of baseline!.runs) await store.get(id);
  });
  Deno.bench({ name: `trend of a cell ${runs}`, group: "trend", n: 20 }, async () => {
    await store.trend(cell, machineKey);
  });
}
