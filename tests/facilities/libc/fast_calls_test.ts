import { assert, assertEquals } from "@std/assert";
import { launchArguments } from "../../../workloads/runner/trial.ts";
import { fromFileUrl } from "../../paths.ts";
import type { Calls, FastCalls } from "./fast_calls.ts";

/** What loops call once an operation when nobody has to wait. */
const HOT = [
  ...["read", "write", "send", "recv", "msgsnd", "msgrcv", "mq_send", "mq_receive"],
  ...["memset", "memchr", "memcpy", "clock_gettime", "getppid", "toascii", "futex"],
  ...["tgkill", "rt_tgsigqueueinfo", "sigwaitinfo", "semop", "sem_post", "sem_wait"],
  ...["fcntl_flock", "flock"],
  ...["pthread_mutex_lock", "pthread_mutex_unlock", "pthread_cond_signal"],
];

async function calls(): Promise<FastCalls> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-all",
      // A participant's flags decide what is compiled when.
      launchArguments().find((each) => each.startsWith("--v8-flags="))!,
      fromFileUrl(import.meta.resolve("./fast_calls.ts")),
    ],
    env: { DENO_UNSTABLE_FFI_TRACE_TURBO: "1" },
    signal: AbortSignal.timeout(120_000),
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

function slow(all: Record<string, Calls>): string[] {
  return Object.entries(all).filter(([, { slow }]) => slow > 0)
    .map(([key, { fast, slow }]) => `${key}: ${slow} of ${fast + slow} calls`);
}

Deno.test("every call of a timed loop takes the runtime's fast path, and so can all that are compiled", async () => {
  const { loops, signatures, wrong } = await calls();
  assertEquals(slow(loops), []);
  assertEquals(HOT.filter((key) => !(key in loops)), [], "not seen in a loop");
  assertEquals(slow(signatures), []);
  assert(Object.keys(signatures).length > HOT.length);
  assertEquals(wrong.fast, 0, "a slow call is not told from a fast one");
});
