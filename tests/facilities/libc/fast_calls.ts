/**
 * A child of `fast_calls_test.ts`: opens the C library as participants do, calls it as timed loops do,
 * and prints of each function how often the runtime took its fast path once the code was warm.
 *
 * The runtime tells which function's fast path was taken last, where `DENO_UNSTABLE_FFI_TRACE_TURBO`
 * is set. So every function is wrapped in one of its own that asks after each call.
 *
 * @module
 */
import type { Capabilities, Facility } from "../../../facilities/facility.ts";

const internal = (Deno as unknown as Record<symbol, { getTurbocallTarget(): string | null }>)[
  (Deno as unknown as { internal: symbol }).internal
]!;

/** What the parent reads, a function each. */
export interface Calls {
  fast: number;
  slow: number;
}

export interface FastCalls {
  /** Of the functions that loops called, by key. */
  readonly loops: Record<string, Calls>;
  /** Of a harmless function with the same parameters and result, for all that are compiled. */
  readonly signatures: Record<string, Calls>;
  /** Of a function that gets a number where it takes 64 bits, which the fast path does not have. */
  readonly wrong: Calls;
}

/** Operations until the code is warm, and those that are looked at. */
const WARMING = 3_000;
const WATCHED = 500;
const MESSAGE = 64;

type Callable = (...values: unknown[]) => unknown;
type Functions = Record<string, Deno.ForeignFunction | Deno.ForeignStatic>;

/** All calls since the last `forgetAll`, and those of warm loops. */
const loops: Record<string, Calls> = {};
const watchedTotals: Record<string, Calls> = {};
const definitions = new Map<string, Deno.ForeignFunction>();

let made = 0;

/** Functions of one text share what the compiler learns of their calls; so each text is another. */
function ofArity(count: number, body: (names: string) => string): Callable {
  const names = Array.from({ length: count }, (_, index) => `p${index}`).join(", ");
  return new Function("call", "note", `${body(names)} // ${made++}`) as Callable;
}

function noteIn(calls: Calls, key: string): () => void {
  return () => {
    if (internal.getTurbocallTarget() === key) calls.fast++;
    else calls.slow++;
  };
}

/** What `facilities/libc/` opens libraries with. */
const openLibrary = Deno.dlopen as unknown as (path: string, symbols: Functions) => {
  symbols: Record<string, unknown>;
};

function watching(path: string, symbols: Functions): { symbols: Record<string, unknown> } {
  const opened = openLibrary(path, symbols).symbols;
  const watched: Record<string, unknown> = {};
  for (const [key, definition] of Object.entries(symbols)) {
    watched[key] = opened[key];
    if ("type" in definition || definition.nonblocking) continue;
    definitions.set(key, definition);
    const calls = loops[key] ??= { fast: 0, slow: 0 };
    const wrapper = ofArity(
      definition.parameters.length,
      (names) => `return (${names}) => { const result = call(${names}); note(); return result; };`,
    );
    watched[key] = wrapper(opened[key], noteIn(calls, key));
  }
  return { symbols: watched };
}

function forgetAll(): void {
  for (const calls of Object.values(loops)) calls.fast = calls.slow = 0;
}

/** Called again and again, then once more with a look at every call. */
function operate(once: () => void): void {
  for (let turn = 0; turn < WARMING; turn++) once();
  forgetAll();
  for (let turn = 0; turn < WATCHED; turn++) once();
  for (const [key, { fast, slow }] of Object.entries(loops)) {
    // What is called once in a loop, to set it up, is not hot.
    if (fast + slow < WATCHED) continue;
    const total = watchedTotals[key] ??= { fast: 0, slow: 0 };
    total.fast += fast;
    total.slow += slow;
  }
}

async function operateAll(facility: Facility, folder: string): Promise<void> {
  const { examine, fill } = await import("../../../workloads/payload.ts");
  const { now } = await import("../../../facilities/libc/time.ts");
  const { Scope } = await import("../../../facilities/scope.ts");
  using scope = new Scope(folder);
  // A signal carries an int.
  const length = facility.id === "realtime-signal" ? 4 : MESSAGE;
  const participants = facility.usualParticipants ?? "process";
  for (const { id } of facility.variants ?? [{ id: undefined }]) {
    using undo = new DisposableStack();
    const options = { scope, participants, count: 1, maxBytes: length, variant: id };
    const attach = async <C extends keyof Capabilities>(capability: C) => {
      const offer = facility[capability];
      if (!offer) return null;
      const made = undo.use(await offer.create({ ...options }));
      return await offer.attach(made.link, "solo") as Capabilities[C];
    };
    const size = BigInt(length);
    // An eventfd carries numbers, and its two calls are those of the notifier.
    const channel = facility.id === "eventfd" ? null : await attach("channel");
    if (channel) {
      undo.use(channel).prepare(length);
      operate(() => {
        fill(channel.outgoing(), 1, length, size);
        channel.send(length);
        examine(channel.receive(length), 1, length, size);
        now();
      });
    }
    const notifier = await attach("notifier");
    if (notifier) {
      undo.use(notifier);
      operate(() => {
        notifier.post();
        notifier.wait();
      });
    }
    const locks = await attach("lock");
    if (locks) {
      for (const lock of locks) undo.use(lock);
      operate(() => {
        locks[0]!.acquire();
        locks[0]!.release();
      });
    }
  }
}

/** The runtime's path depends on the types alone, so `getppid` stands for what would do harm. */
function callAlike(
  key: string,
  { parameters, result }: Deno.ForeignFunction,
  long: bigint | number = 0n,
): Calls {
  const { [key]: call } =
    openLibrary("libc.so.6", { [key]: { name: "getppid", parameters, result } })
      .symbols;
  const bytes = new Uint8Array(8);
  const values = parameters.map((type) => {
    if (type === "pointer") return Deno.UnsafePointer.of(bytes);
    if (type === "buffer") return bytes;
    return /^(?:[iu]64|[iu]size)$/.test(`${type}`) ? long : 0;
  });
  const once = ofArity(
    parameters.length,
    (names) => `return (${names}) => { call(${names}); note(); };`,
  );
  const calls = { fast: 0, slow: 0 };
  const watched = once(call, noteIn(calls, key)) as Callable;
  for (let turn = 0; turn < WARMING; turn++) watched(...values);
  calls.fast = calls.slow = 0;
  for (let turn = 0; turn < WATCHED; turn++) watched(...values);
  return calls;
}

if (import.meta.main) {
  Object.assign(Deno, { dlopen: watching });
  const { blockSignals, FACILITY_SIGNALS } = await import("../../../facilities/libc/signal.ts");
  const { LEAVES, loadFacility } = await import("../../../facilities/taxonomy.ts");
  const { toascii } = await import("../../../facilities/libc/nothing.ts");
  const { getppid } = await import("../../../facilities/libc/unistd.ts");
  const { memcpy } = await import("../../../facilities/libc/string.ts");
  const { Memory } = await import("../../../facilities/libc/memory.ts");
  blockSignals(FACILITY_SIGNALS);
  const folder = Deno.makeTempDirSync();
  for (const [index, { id }] of LEAVES.entries()) {
    await operateAll(await loadFacility(id), `${folder}/${index}`);
  }
  const memory = Memory.allocate(2 * MESSAGE);
  const [to, from, size] = [memory.pointer, memory.at(MESSAGE), BigInt(MESSAGE)];
  operate(() => {
    toascii(1);
    getppid();
    memcpy(to, from, size);
  });
  const signatures = Object.fromEntries(
    [...definitions].map(([key, definition]) => [key, callAlike(key, definition)]),
  );
  Deno.removeSync(folder, { recursive: true });
  const wrong = callAlike("wrong", { parameters: ["i64"], result: "i32" }, 0);
  console.log(JSON.stringify({ loops: watchedTotals, signatures, wrong } satisfies FastCalls));
}
