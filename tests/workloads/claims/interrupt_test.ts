import { assert, assertEquals } from "@std/assert";
import { tryListFolder, tryReadText } from "../../../facilities/libc/files.ts";
import { LEAVES } from "../../../facilities/taxonomy.ts";
import { runClaims, type RunClaimsOptions } from "../../../workloads/claims/run_claims.ts";

// A dynamic library that a test opens counts as a leak of that test.
await Promise.all(LEAVES.map(({ load }) => load()));

/** A busy machine takes long, a hang takes for ever. */
const LONGEST_MS = 60_000;

/** Runs experiments in a folder of their own until aborted; what they found, and what is left. */
async function interrupted(
  options: RunClaimsOptions,
  abort: (controller: AbortController) => Promise<void>,
) {
  const temporary = await Deno.makeTempDir({ prefix: "ipc-" });
  const controller = new AbortController();
  const hung = Promise.withResolvers<never>();
  const timer = setTimeout(() => hung.reject(new Error("it hangs")), LONGEST_MS);
  try {
    const run = runClaims({ ...options, temporary, signal: controller.signal });
    await abort(controller);
    const verdicts = await Promise.race([run, hung.promise]);
    // Who looked again each millisecond whether a participant sleeps finds out that it has ended.
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { verdicts, left: [...Deno.readDirSync(temporary)].map(({ name }) => name) };
  } finally {
    clearTimeout(timer);
    await Deno.remove(temporary, { recursive: true });
  }
}

/** The ids of this process's children, whichever thread has started them. */
function children(): string[] {
  return tryListFolder("/proc/self/task").flatMap((thread) =>
    tryReadText(`/proc/self/task/${thread}/children`)?.split(" ").filter((pid) => pid !== "") ?? []
  );
}

/** Resolves when the n-th process was started from now on. */
async function started(n: number): Promise<void> {
  const seen = new Set<string>(children());
  n += seen.size;
  for (const end = performance.now() + LONGEST_MS; seen.size < n;) {
    assert(performance.now() < end, `${n} processes are never started`);
    for (const pid of children()) seen.add(pid);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

Deno.test("who is started when the run is interrupted ends like the others", async () => {
  const options = { claims: ["destructive-read"], facilities: ["fifo"], atOnce: 1 };
  // The others end, and alone the third would wait for them for ever, in opening the FIFO.
  const { verdicts, left } = await interrupted(options, async (controller) => {
    await started(3);
    controller.abort();
  });
  assertEquals([verdicts, left], [[], []]);
});

Deno.test("an interruption at any moment ends the experiments and leaves nothing", async () => {
  const options = {
    claims: ["persistence", "identifier", "pollable"],
    facilities: ["fifo", "tcp", "pseudoterminal", "posix-message-queue", "posix-shared-memory"],
  };
  for (let time = 0; time < 5; time++) {
    const { verdicts, left } = await interrupted(options, async (controller) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000 * Math.random()));
      controller.abort();
    });
    assertEquals(left, []);
    const odd = verdicts.filter(({ verdict }) =>
      verdict !== "holds" && verdict !== "not-applicable"
    );
    assertEquals(odd, []);
  }
});
