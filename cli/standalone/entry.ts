/**
 * The suite as one file: the command line, and every program that it starts as a process or thread.
 *
 * `deno task bundle` bundles from here. Nothing is awaited at the top level: a facility of one's own
 * imports what is exported here while this module runs.
 *
 * @module
 */
import { holdModule, PROCESSES, THREADS } from "../../facilities/programs.ts";
import { loadFacility } from "../../facilities/taxonomy.ts";
import { loadModuleOf } from "../../workloads/catalogue.ts";

export { SystemCallError } from "../../facilities/libc/errno.ts";
export { Memory } from "../../facilities/libc/memory.ts";
export { Scope } from "../../facilities/scope.ts";
export { createSharedPage, mapSharedPage } from "../../facilities/shared_page.ts";
export { LEAVES, loadFacility, TAXONOMY } from "../../facilities/taxonomy.ts";

holdModule("facility", async (query) => ({ facility: await loadFacility(query.get("id")!) }));
holdModule("workload", (query) => loadModuleOf(query.get("id")!));
holdModule("delayed", async (query) => {
  const { plantedFacility } = await import("../../reports/check/self_test/delayed.ts");
  return { facility: await plantedFacility(query) };
});

/** What a thread becomes, by the beginning of its name; its messages are not lost meanwhile. */
const AS_THREAD: Readonly<Record<string, () => Promise<unknown>>> = {
  [THREADS.participant]: () => import("../../workloads/runner/participant.ts"),
  [THREADS.experiment]: () => import("../../workloads/claims/participant.ts"),
  [THREADS.awake]: () => import("../../workloads/runner/keep_awake_thread.ts"),
  [THREADS.hog]: () => import("../../reports/check/self_test/hog_thread.ts"),
};

/** What a process becomes, by its first argument. */
const AS_PROCESS: Readonly<Record<string, () => Promise<unknown>>> = {
  async [PROCESSES.participant]() {
    const { main } = await import("../../workloads/runner/participant.ts");
    await main(Deno.args.at(-1));
  },
  async [PROCESSES.experiment]() {
    const { main } = await import("../../workloads/claims/participant.ts");
    await main(Number(Deno.args.at(-1)));
  },
};

async function start(): Promise<void> {
  if ("WorkerGlobalScope" in globalThis) {
    const found = Object.keys(AS_THREAD).find((name) => self.name.startsWith(name));
    await AS_THREAD[found ?? ""]?.();
    return;
  }
  if (!import.meta.main) return;
  const program = AS_PROCESS[Deno.args[0] ?? ""];
  if (program) await program();
  else (await import("../main.ts")).main();
}

start().catch((error) => {
  try {
    console.error(error instanceof Error ? error.message : String(error));
  } finally {
    Deno.exit(4);
  }
});
