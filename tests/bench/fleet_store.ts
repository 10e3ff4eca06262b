/**
 * How a PostgreSQL store grows: fills one with synthetic runs and times, at 1,000, 10,000 and
 * 100,000 of them, how fast runs go in, the overview of the fleet, and the trend of one cell.
 *
 * The runs are of 1,000 hosts of 20 machine keys, 24 a day of each, with 40 measured cells; their
 * figures are drawn by chance. The server syncs every commit to the disk. A second line tells how
 * fast runs of 560 cells go in, as `bench` measures them with no option.
 *
 * Arguments: the largest number of runs (100000), how many processes write (4).
 */
import { parseAddress } from "../../reports/history/postgres/address.ts";
import { openPostgres, type PostgresStore } from "../../reports/history/postgres/store.ts";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { PostgresServer } from "../postgres_server.ts";
import { fromFileUrl } from "../paths.ts";
import { sampleRun } from "../workloads/runner/sample_run.ts";

const HOSTS = 1_000;
const MACHINES = 20;
const SELF = fromFileUrl(import.meta.url);
const FACILITIES = Array.from({ length: 10 }, (_, i) => `facility-${i}`);
const SIZES = [1, 64, 4_096, 65_536];
const MANY_SIZES = Array.from({ length: 56 }, (_, i) => 2 ** (i % 20) + i);

/** Seconds since 1970, of the first run. */
const BEGIN_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;

function runOf(template: RunDocument, number: number): RunDocument {
  const index = number % HOSTS;
  // Other figures, so that no document packs as well as the one before it.
  const factor = 1 + 0.1 * Math.random();
  return {
    ...template,
    id: `run-${number}`,
    startedAt: new Date(BEGIN_MS + Math.floor(number / HOSTS) * HOUR_MS + index).toISOString(),
    host: {
      ...template.host,
      hostname: `host-${index}`,
      machineKey: `x86_64/kvm/made-up CPU ${index % MACHINES}/2`,
      kernel: `6.${index % 7}`,
    },
    cells: template.cells.map((cell) =>
      cell.status !== "measured" ? cell : {
        ...cell,
        estimate: cell.estimate * factor,
        trials: cell.trials.map((trial) => ({ ...trial, estimate: trial.estimate * factor })),
      }
    ),
  };
}

/** Adds the runs of which the number modulo `writers` is `writer`. */
async function write(
  url: string,
  [from, to, writer, writers]: readonly [number, number, number, number],
  sizes: readonly number[],
): Promise<void> {
  const template = sampleRun({ id: "run", facilities: FACILITIES, sizes: [...sizes] });
  await using store = await openPostgres(parseAddress(url));
  let next = from + writer;
  const lane = async () => {
    while (next < to) {
      const number = next;
      next += writers;
      await store.add(runOf(template, number));
    }
  };
  // While the server syncs one run, the next is packed.
  await Promise.all([lane(), lane(), lane()]);
}

async function fill(url: string, from: number, to: number, kind: string, writers: number) {
  const started = performance.now();
  const ended = await Promise.all(
    Array.from({ length: writers }, (_, writer) =>
      new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--quiet", "--no-check", "--allow-all", SELF],
          ...["write", url, kind, ...[from, to, writer, writers].map(String)],
        ],
        stdout: "inherit",
        stderr: "inherit",
      }).output()),
  );
  if (ended.some(({ success }) => !success)) throw new Error("A writer failed");
  return (to - from) / ((performance.now() - started) / 1_000);
}

/** Milliseconds: the median of seven, after one that is not counted. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 8; i++) {
    const started = performance.now();
    await work();
    if (i > 0) times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[3]!;
}

async function row(server: PostgresServer, database: string, store: PostgresStore, runs: number) {
  const cell = "round-trip/facility-3/64/same-cpu/process/2";
  const machine = "x86_64/kvm/made-up CPU 7/2";
  const day = new Date(BEGIN_MS + (runs / HOSTS - 24) * HOUR_MS);
  const [size] = await server.within(
    database,
    (sql) =>
      sql.unsafe(`SELECT pg_database_size(current_database()) AS whole,
      pg_total_relation_size('ipc_taxonomy.documents') AS documents,
      pg_total_relation_size('ipc_taxonomy.cells') AS cells,
      pg_total_relation_size('ipc_taxonomy.runs') AS runs,
      (SELECT count(*) FROM ipc_taxonomy.runs) AS count`),
  );
  const mb = (value: unknown) => (Number(value) / 1e6).toFixed(0);
  return {
    runs: Number(size!.count),
    "overview, ms": (await timed(() => store.hosts())).toFixed(0),
    "overview of the last day, ms": (await timed(() => store.hosts({ since: day }))).toFixed(0),
    "trend, 1,000 newest, ms": (await timed(() => store.trend(cell, machine, { limit: 1_000 })))
      .toFixed(0),
    "trend, all of a machine key, ms": (await timed(() => store.trend(cell, machine))).toFixed(0),
    "trend, 1,000 newest of all, ms": (await timed(() => store.trend(cell, null, { limit: 1_000 })))
      .toFixed(0),
    "trend of one host, ms": (await timed(() => store.trend(cell, machine, { hostname: "host-7" })))
      .toFixed(0),
    "newest 1,000 runs, ms": (await timed(() => store.list({ limit: 1_000 }))).toFixed(0),
    "documents, MB": mb(size!.documents),
    "cells, MB": mb(size!.cells),
    "runs, MB": mb(size!.runs),
  };
}

if (Deno.args[0] === "write") {
  const [, url, kind, ...numbers] = Deno.args;
  const [from, to, writer, writers] = numbers.map(Number);
  await write(url!, [from!, to!, writer!, writers!], kind === "large" ? MANY_SIZES : SIZES);
} else {
  const [most, writers] = [Number(Deno.args[0] ?? 100_000), Number(Deno.args[1] ?? 4)];
  await using server = await PostgresServer.start({
    settings: { fsync: "on", shared_buffers: "512MB", max_wal_size: "4GB" },
  });
  const database = await server.database();
  const url = server.url(database);
  await using store = await openPostgres(parseAddress(url));
  const table: Record<string, unknown>[] = [];
  let from = 0;
  for (const to of [1_000, 10_000, 100_000, 1_000_000].filter((count) => count <= most)) {
    const perSecond = await fill(url, from, to, "small", writers);
    await server.within(database, (sql) => sql.unsafe("VACUUM ANALYZE"));
    table.push({ ...await row(server, database, store, to), "runs/s": perSecond.toFixed(0) });
    console.log(table.at(-1));
    from = to;
  }
  const large = await fill(url, from, from + 1_000, "large", writers);
  console.log(`runs of ${FACILITIES.length * MANY_SIZES.length} cells: ${large.toFixed(0)} runs/s`);
  console.table(table);
  const started = performance.now();
  const pruned = await store.prune({ before: new Date(BEGIN_MS + HOUR_MS) });
  const seconds = (performance.now() - started) / 1_000;
  console.log(`pruned ${pruned.length} runs in ${seconds.toFixed(1)} s`);
}
