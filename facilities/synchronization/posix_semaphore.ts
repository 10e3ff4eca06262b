/**
 * What named and unnamed POSIX semaphores share: how they wake and how they lock, wherever the
 * `sem_t` lies.
 *
 * @module
 */
import { directionsOf } from "../directions.ts";
import { type Lock, LOCKS_OFFERED, type Notifier, type Payload, type Role } from "../facility.ts";
import { check, unlessInterrupted } from "../libc/errno.ts";
import { sem_post, sem_wait } from "../libc/semaphore.ts";
import { lockSet, once } from "../release.ts";

/** How many semaphores a link has, and at what they start. */
export const NOTIFIER = { count: 2, value: 0 };
export const LOCK = { count: LOCKS_OFFERED, value: 1 };

/** A `sem_t`, whose pointer is read for each call: it is gone once the memory is. */
export type Semaphore = Pick<Payload, "pointer">;

function post(semaphore: Semaphore): void {
  if (sem_post(semaphore.pointer) !== 0) check("sem_post", -1);
}

function wait(semaphore: Semaphore): void {
  while (sem_wait(semaphore.pointer) !== 0) unlessInterrupted("sem_wait");
}

/** A notifier over two semaphores, one for each direction. */
export function notifierOver(
  semaphores: readonly Semaphore[],
  role: Role,
  release: () => void,
): Notifier {
  const { outbound, inbound } = directionsOf(role);
  const theirs = semaphores[outbound]!;
  const mine = semaphores[inbound]!;
  return {
    post: () => post(theirs),
    wait: () => wait(mine),
    [Symbol.dispose]: once(release),
  };
}

/** A set of locks, each of one semaphore. */
export function locksOver(
  semaphores: readonly Semaphore[],
  release: () => void,
): Lock[] {
  const locks = semaphores.map((semaphore) => ({
    acquire: () => wait(semaphore),
    release: () => post(semaphore),
  }));
  return lockSet(locks, release);
}
