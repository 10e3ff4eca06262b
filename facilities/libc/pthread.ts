/**
 * `pthread.h`: mutexes and condition variables in shared memory.
 *
 * These functions return the error instead of setting `errno`.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/pthread_mutexattr_setrobust.3.html
 * pthread_mutexattr_setrobust(3)}, `pthread_cond_wait(3p)`
 * @module
 */
import { ARCH } from "./arch.ts";
import { checkReturned, ERRNO } from "./errno.ts";
import { open, openLate } from "./library.ts";
import { Struct } from "./memory.ts";

export const { SIZEOF_PTHREAD_MUTEX_T } = ARCH;
/** The same on x86_64 and aarch64 (`bits/pthreadtypes.h`). */
export const SIZEOF_PTHREAD_COND_T = 48;

const PTHREAD_PROCESS_SHARED = 1;
const PTHREAD_MUTEX_ROBUST = 1;

const c = open({
  pthread_mutex_lock: { parameters: ["pointer"], result: "i32" },
  pthread_mutex_trylock: { parameters: ["pointer"], result: "i32" },
  pthread_mutex_unlock: { parameters: ["pointer"], result: "i32" },
  pthread_mutex_consistent: { parameters: ["pointer"], result: "i32" },
  pthread_cond_wait: { parameters: ["pointer", "pointer"], result: "i32" },
  pthread_cond_signal: { parameters: ["pointer"], result: "i32" },
});

const late = openLate({
  pthread_mutexattr_init: { parameters: ["pointer"], result: "i32" },
  pthread_mutexattr_setpshared: { parameters: ["pointer", "i32"], result: "i32" },
  pthread_mutexattr_setrobust: { parameters: ["pointer", "i32"], result: "i32" },
  pthread_mutexattr_destroy: { parameters: ["pointer"], result: "i32" },
  pthread_mutex_init: { parameters: ["pointer", "pointer"], result: "i32" },
  pthread_condattr_init: { parameters: ["pointer"], result: "i32" },
  pthread_condattr_setpshared: { parameters: ["pointer", "i32"], result: "i32" },
  pthread_condattr_destroy: { parameters: ["pointer"], result: "i32" },
  pthread_cond_init: { parameters: ["pointer", "pointer"], result: "i32" },
});

/** Called raw by the loops that lock; they check the result. */
export const {
  pthread_mutex_lock,
  pthread_mutex_trylock,
  pthread_mutex_unlock,
  pthread_mutex_consistent,
  pthread_cond_wait,
  pthread_cond_signal,
} = c;

/**
 * Makes a mutex at `mutex` for all processes that share the memory; robust: who locks it after its
 * holder died is told so by EOWNERDEAD.
 *
 * @throws {SystemCallError} ENOMEM, ENOTSUP
 */
export function initSharedMutex(mutex: Deno.PointerObject): void {
  const attributes = new Struct(ARCH.SIZEOF_PTHREAD_MUTEXATTR_T);
  const { pointer } = attributes;
  checkReturned("pthread_mutexattr_init", late.pthread_mutexattr_init(pointer));
  checkReturned(
    "pthread_mutexattr_setpshared",
    late.pthread_mutexattr_setpshared(pointer, PTHREAD_PROCESS_SHARED),
  );
  checkReturned(
    "pthread_mutexattr_setrobust",
    late.pthread_mutexattr_setrobust(pointer, PTHREAD_MUTEX_ROBUST),
  );
  checkReturned("pthread_mutex_init", late.pthread_mutex_init(mutex, pointer));
  checkReturned("pthread_mutexattr_destroy", late.pthread_mutexattr_destroy(pointer));
}

/**
 * After a lock or wait that returned an error: takes the mutex over where its holder died.
 *
 * @throws {SystemCallError} for every error but EOWNERDEAD: EDEADLK, EINVAL, ENOTRECOVERABLE
 */
export function takeOver(call: string, mutex: Deno.PointerObject, error: number): void {
  if (error !== ERRNO.EOWNERDEAD) checkReturned(call, error);
  checkReturned("pthread_mutex_consistent", pthread_mutex_consistent(mutex));
}

/** Makes a condition variable for all processes that share the memory. */
export function initSharedCondition(condition: Deno.PointerObject): void {
  const attributes = new Struct(ARCH.SIZEOF_PTHREAD_CONDATTR_T);
  const { pointer } = attributes;
  checkReturned("pthread_condattr_init", late.pthread_condattr_init(pointer));
  checkReturned(
    "pthread_condattr_setpshared",
    late.pthread_condattr_setpshared(pointer, PTHREAD_PROCESS_SHARED),
  );
  checkReturned("pthread_cond_init", late.pthread_cond_init(condition, pointer));
  checkReturned("pthread_condattr_destroy", late.pthread_condattr_destroy(pointer));
}
