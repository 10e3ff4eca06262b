/**
 * Many hosts that write into one PostgreSQL while it is restarted under them.
 *
 * Each host is a process with a host name and System V and POSIX IPC objects of its own, by
 * `unshare`; the machine below them is one.
 *
 * @module
 */
import { TextLineStream } from "./lines.ts";
import { parseAddress } from "../../../../reports/history/postgres/address.ts";
import { openPostgres } from "../../../../reports/history/postgres/store.ts";
import { fromFileUrl } from "../../../paths.ts";
import type { PostgresServer } from "../../../postgres_server.ts";

const HOST = fromFileUrl(import.meta.resolve("./host.ts"));

export interface Fleet {
  hosts: number;
  runsEach: number;
  /** Shares of the runs; when so many were handled, the server is restarted. */
  restartsAt: readonly number[];
  /** Ends the server at the first restart as in a crash. */
  crash?: boolean;
}

export interface Outcome {
  /** Pairs of UTS and IPC namespaces that differ. */
  namespaces: number;
  /** What each host said of its runs. */
  stored: number;
  kept: number;
  restarts: number;
  /** Ids in the store, sorted. */
  ids: string[];
  expected: string[];
  hostnames: number;
  /** Looks of a reader while the hosts wrote, and runs that were not whole in one of them. */
  looks: number;
  torn: string[];
  seconds: number;
}

/** Runs that lack their document, or some of their cells, in one snapshot. */
const TORN = `
  SELECT runs.id FROM ipc_taxonomy.runs LEFT JOIN ipc_taxonomy.documents ON run = number
  WHERE body IS NULL OR cardinality(documents.cells) <> measured OR measured <> (
    SELECT count(*) FROM unnest(documents.cells) AS cell JOIN ipc_taxonomy.cells AS figure
      ON figure.cell = cell.cell AND figure.machine = runs.machine
      AND figure.started_at = runs.started_at AND figure.run = runs.number
  )`;

export async function simulate(
  server: PostgresServer,
  { hosts, runsEach, restartsAt, crash = false }: Fleet,
): Promise<Outcome> {
  const database = await server.database();
  const url = server.url(database);
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-fleet-" });
  const prefix = await namespacePrefix();
  const said = { stored: 0, kept: 0, restarts: 0, finished: 0 };
  const namespaces = new Set<string>();
  const due = restartsAt.map((share) => Math.ceil(share * hosts * runsEach));
  let restarting: Promise<void> = Promise.resolve();
  const started = performance.now();

  const heard = (line: string) => {
    const [word = "", ...rest] = line.split(" ");
    if (word === "namespaces") namespaces.add(rest.join(" "));
    if (word === "stored" || word === "kept") said[word]++;
    if (word === "finished") said.finished++;
    if (said.stored + said.kept < (due[said.restarts] ?? Infinity)) return;
    const mode = crash && said.restarts === 0 ? "immediate" : "fast";
    said.restarts++;
    restarting = restarting.then(() => server.stop(mode)).then(() => server.go());
  };

  try {
    const fleet = await Promise.all(Array.from({ length: hosts }, async (_, index) => {
      const cwd = `${folder}/${index}`;
      await Deno.mkdir(cwd);
      return startHost(prefix, index, cwd, [url, String(index), String(runsEach)], heard);
    }));
    await Promise.all(fleet.map(({ ready }) => ready));
    for (const { begin } of fleet) await begin();
    const ended = Promise.all(fleet.map(({ ended }) => ended));
    let writing = true;
    const done = ended.finally(() => writing = false);
    const torn = new Set<string>();
    let looks = 0;
    while (writing) {
      await restarting;
      const found = await server.within(database, (sql) => sql.unsafe(TORN)).catch(() => []);
      for (const { id } of found) torn.add(String(id));
      looks++;
      await new Promise((resolve) => setTimeout(resolve));
    }
    await done;
    await restarting;
    await using store = await openPostgres(parseAddress(url), { create: false });
    const found = await server.within(database, (sql) => sql.unsafe(TORN));
    for (const { id } of found) torn.add(String(id));
    return {
      namespaces: namespaces.size,
      stored: said.stored,
      kept: said.kept,
      restarts: said.restarts,
      ids: (await store.list()).map(({ id }) => id).sort(),
      expected: Array.from(
        { length: hosts * runsEach },
        (_, i) => `host-${Math.floor(i / runsEach)}-${i % runsEach}`,
      ).sort(),
      hostnames: (await store.hosts()).length,
      looks,
      torn: [...torn],
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await server.go();
    await Deno.remove(folder, { recursive: true });
  }
}

/** What gives a command namespaces of its own; without root a user namespace comes with them. */
async function namespacePrefix(): Promise<string[]> {
  const prefixes = [
    ["unshare", "--uts", "--ipc"],
    ["unshare", "--user", "--map-root-user", "--uts", "--ipc"],
  ];
  for (const prefix of prefixes) {
    const [first, ...rest] = prefix;
    const { success } = await new Deno.Command(first!, { args: [...rest, "true"] }).output();
    if (success) return prefix;
  }
  throw new Error("unshare gives this user no namespaces of its own (unshare(1), CAP_SYS_ADMIN)");
}

const AS_HOST = `echo "$1" >/proc/sys/kernel/hostname
  echo namespaces $(readlink /proc/self/ns/uts /proc/self/ns/ipc)
  shift; exec "$@"`;

function startHost(
  prefix: readonly string[],
  index: number,
  cwd: string,
  args: readonly string[],
  heard: (line: string) => void,
) {
  const [first, ...rest] = prefix;
  const child = new Deno.Command(first!, {
    args: [
      ...rest,
      ...["sh", "-ec", AS_HOST, "sh", `host-${index}`],
      ...[Deno.execPath(), "run", "--quiet", "--no-check", "-A", HOST, ...args],
    ],
    cwd,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  const listening = (async () => {
    for await (const line of lines) {
      if (line === "ready") resolve();
      heard(line);
    }
    resolve();
  })();
  const errors = new Response(child.stderr).text();
  const ended = (async () => {
    await listening;
    const { code } = await child.status;
    if (code !== 0) throw new Error(`host-${index} ended with ${code}: ${await errors}`);
    await errors;
  })();
  return { ready, begin: () => child.stdin.close(), ended };
}
