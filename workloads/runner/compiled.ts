/**
 * Compiling the loops of a trial: when it is asked for, and not when the runtime thinks that it pays.
 *
 * A short trial has no time to wait for that. Left alone, the runtime compiles the small functions
 * first, each by itself, then the loop, into which it takes them all once more: 13 ms for a round trip
 * through a pipe. Asked, it compiles the loop alone, in 5 to 7.
 *
 * The functions of V8 that do it are meant for its own tests, and are there in every release: see
 * `src/runtime/runtime-test.cc` of V8. They are written `%Name(...)`, which passes only where
 * `--allow-natives-syntax` is given.
 *
 * @module
 */

/** The flag without which nothing here works. */
export const COMPILING_FLAG = "--allow-natives-syntax";

/** A bit of `OptimizationStatus` (`src/runtime/runtime.h` of V8 15): the next call runs optimised code. */
const OPTIMISED = 1 << 3;

type Callable = (...values: never[]) => unknown;

interface Natives {
  readonly prepare: (loop: Callable) => void;
  readonly optimise: (loop: Callable) => void;
  readonly status: (loop: Callable) => number;
}

let natives: Natives | undefined;

/** @throws {Error} without {@linkcode COMPILING_FLAG} */
function nativesOf(): Natives {
  const native = (text: string) => new Function("f", text) as (loop: Callable) => never;
  try {
    return natives ??= {
      prepare: native("%PrepareFunctionForOptimization(f)"),
      optimise: native("%OptimizeFunctionOnNextCall(f)"),
      status: native("return %GetOptimizationStatus(f)"),
    };
  } catch (error) {
    throw new Error(`Cannot compile loops: Deno runs without --v8-flags=${COMPILING_FLAG}`, {
      cause: error,
    });
  }
}

const prepared = new WeakSet<Callable>();

/** Has each of the functions compiled when it is called next, unless it is; what it met so far counts. */
export function compileOnNextCall(...functions: readonly Callable[]): void {
  const { prepare, optimise, status } = nativesOf();
  for (const each of functions) {
    if ((status(each) & OPTIMISED) !== 0) continue;
    if (!prepared.has(each)) prepare(each);
    prepared.add(each);
    optimise(each);
  }
}

/** Whether the function is compiled: it met nothing since that its code was not made for. */
export function isCompiled(loop: Callable): boolean {
  return (nativesOf().status(loop) & OPTIMISED) !== 0;
}
