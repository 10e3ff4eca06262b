/** The peer of a transfer test, as a program or as a worker. @module */
import { loadFacility } from "../../facilities/taxonomy.ts";
import type { Link } from "../../facilities/facility.ts";
import { dieWithParent } from "../../facilities/libc/sys_prctl.ts";
import type { Transfer } from "./transfer.ts";
import { takePart, type Tally } from "./transfer_sides.ts";

export interface Task {
  plan: Transfer;
  link: Link;
}

/** Calls `loaded` when nothing is left to do but to attach and to receive. */
async function peer({ plan, link }: Task, loaded = () => {}): Promise<Tally> {
  const { channel } = await loadFacility(plan.facility);
  loaded();
  using end = await channel!.attach(link, "peer");
  return takePart(end, false, plan);
}

if ("postMessage" in globalThis) {
  const host = globalThis as unknown as Worker;
  host.onmessage = async ({ data }: MessageEvent<Task>) => {
    host.postMessage(await peer(data, () => host.postMessage("loaded")));
  };
  host.postMessage("started");
} else {
  const [task, parent] = Deno.args as [string, string];
  dieWithParent(Number(parent));
  console.log(JSON.stringify(await peer(JSON.parse(task))));
}
