/**
 * One simulated host: stores its runs, and sends at last what its store missed.
 *
 * What this machine says of itself goes into the runs; the kernel's release and the CPU's name are
 * made up, for a fleet of several kinds, and so are the figures.
 *
 * Arguments: the store, which host this is, how many runs it stores. It begins when its input ends.
 */
import { Keeper } from "../../../../reports/history/keeper.ts";
import { openStore } from "../../../../reports/history/open_store.ts";
import { UserError } from "../../../../workloads/runner/errors.ts";
import { readHost } from "../../../../workloads/runner/host.ts";
import { sampleRun } from "../../../workloads/runner/sample_run.ts";

const [url, index, count] = [Deno.args[0]!, Number(Deno.args[1]), Number(Deno.args[2])];
const real = readHost();
const cpuModel = `made-up CPU ${index % 5}`;
const host = {
  ...real,
  cpuModel,
  kernel: `made-up ${6 + index % 3}.0`,
  machineKey: `${real.arch}/${real.virtualization ?? "none"}/${cpuModel}/${real.cpus}`,
};

const encoder = new TextEncoder();
const say = (line: string) => Deno.stdout.writeSync(encoder.encode(`${line}\n`));

say("ready");
await new Response(Deno.stdin.readable).text();
for (let i = 0; i < count; i++) {
  // As a command does: looks at the store, and adds its run.
  const keeper = await Keeper.prepare(url, { notice: () => {} });
  const id = `${host.hostname}-${i}`;
  const startedAt = new Date(Date.UTC(2026, 0, 1, i, index)).toISOString();
  try {
    await keeper.add({ ...sampleRun({ id, startedAt, seed: 1_000 * index + i }), host });
    say(`stored ${id}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`kept ${id}`);
  }
}
say("finished");
// The next command of this host, which only reads; again while the server is still starting.
for (let tries = 1;; tries++) {
  try {
    await using store = await openStore(url, { create: false });
    await store.list({ limit: 1 });
    break;
  } catch (error) {
    if (!(error instanceof UserError) || tries === 10) throw error;
  }
}
