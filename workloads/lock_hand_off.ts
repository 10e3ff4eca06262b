/**
 * Lock hand-off: two participants pass their turn on by locks, each sleeping until the other lets
 * go.
 *
 * With one lock the releaser would take it again before the sleeper wakes; with two, each would wait
 * for what the other holds, and `F_SETLKW` says EDEADLK. Three locks rotate: at its turn a
 * participant releases lock k and acquires lock k + 1, which the other holds until its own turn.
 * Each of them advances by two, so nobody can take again what the other has not taken yet.
 *
 * @module
 */
import type { Lock } from "../facilities/facility.ts";
import { now } from "../facilities/libc/time.ts";
import { NOTHING, type Outcome, type Task, timed, type Workload } from "./workload.ts";

const LOCKS = 3;

/** One turn: lets go of lock `k`, sleeps until lock `k + 1` is free. */
function pass(locks: readonly Lock[], k: number): number {
  locks[k]!.release();
  locks[(k + 1) % LOCKS]!.acquire();
  return (k + 2) % LOCKS;
}

function initiate(locks: readonly Lock[], task: Task): Outcome {
  const { count, lead, batch, stamps } = task;
  // It holds locks 0 and 2 since `prepare`, the peer holds 1.
  let k = 0;
  let noted = 0;
  let next = lead;
  for (let turn = 0; turn < lead + count; turn++) {
    if (turn === next) {
      stamps[noted++] = now();
      next += batch;
    }
    k = pass(locks, k);
  }
  stamps[noted++] = now();
  release(locks, [k, (k + 2) % LOCKS]);
  return timed(task, noted);
}

function answer(locks: readonly Lock[], { count, lead }: Task): Outcome {
  locks[0]!.acquire();
  let k = 1;
  for (let turn = 1; turn < lead + count; turn++) k = pass(locks, k);
  // The last turn gives back what the initiator waits for, and takes nothing.
  release(locks, [k, (k + 2) % LOCKS]);
  return NOTHING;
}

function release(locks: readonly Lock[], held: number[]): void {
  for (const each of held) locks[each]!.release();
}

export const workload: Workload<"lock"> = {
  id: "lock-hand-off",
  title: "Lock hand-off",
  summary: "Let the sleeping peer have a lock and sleep until it lets go of the next.",
  needs: "lock",
  figure: "latency",
  unit: "ns",
  better: "lower",
  sized: false,
  counts: [2],
  pace: "count",
  prepare(locks, role) {
    for (const each of role === "initiator" ? [0, 2] : [1]) locks[each]!.acquire();
  },
  loop: (role) => role === "initiator" ? initiate : answer,
};
