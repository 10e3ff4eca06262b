/**
 * System V semaphores: sets of counters in the kernel, found by a key.
 *
 * One `semop` changes several of a set at once or sleeps until it can. With `SEM_UNDO` the kernel
 * takes back what a process did when that process ends, so that a lock whose holder dies becomes
 * free. It adds up what is to be taken back, at most 32,767: a process that only ever posts gets
 * ERANGE after so many, hence the variant is offered as a lock alone. The threads of a process share
 * what is to be undone, so that it happens when the process ends, not the thread.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/semop.2.html semop(2)},
 * {@link https://man7.org/linux/man-pages/man7/sysvipc.7.html sysvipc(7)}
 * @module
 */
import { directionsOf } from "../directions.ts";
import {
  type Created,
  type CreateOptions,
  type Facility,
  type Link,
  type Lock,
  LOCKS_OFFERED,
  type Notifier,
  type Role,
} from "../facility.ts";
import { assertWithin, limit } from "../limits.ts";
import { unlessInterrupted } from "../libc/errno.ts";
import type { Struct } from "../libc/memory.ts";
import { IPC_CREAT, IPC_EXCL, isTaken } from "../libc/sys_ipc.ts";
import {
  SEM_UNDO,
  semaphoreOperation,
  semget,
  semop,
  semRemove,
  semSetValue,
} from "../libc/sys_sem.ts";
import { once } from "../release.ts";

interface SetLink extends Link {
  key: number;
  undo: boolean;
}

/** A set of `count` semaphores that all start at `value`. */
function createSet({ scope, variant }: CreateOptions, count: number, value: number): Created {
  const key = scope.key("sysv-sem", (key) => isTaken(() => semget(key, 0, 0)));
  assertWithin(limit.semmsl(), count);
  const id = semget(key, count, IPC_CREAT | IPC_EXCL | 0o600);
  for (let number = 0; number < count; number++) semSetValue(id, number, value);
  return {
    link: { key, undo: variant === "undo" } satisfies SetLink,
    [Symbol.dispose]: once(() => semRemove(id)),
  };
}

/** Does an operation, however often a signal interrupts it. */
function operate(id: number, operation: Struct): void {
  while (semop(id, operation.pointer, 1n) !== 0) unlessInterrupted("semop");
}

function attachNotifier({ key }: SetLink, role: Role): Notifier {
  const id = semget(key, 0, 0);
  const { outbound, inbound } = directionsOf(role);
  const up = semaphoreOperation(outbound, +1);
  const down = semaphoreOperation(inbound, -1);
  return {
    handles: [id, id],
    post: () => operate(id, up),
    wait: () => operate(id, down),
    [Symbol.dispose]() {},
  };
}

function attachLocks({ key, undo }: SetLink): Lock[] {
  const id = semget(key, 0, 0);
  const flags = undo ? SEM_UNDO : 0;
  return Array.from({ length: LOCKS_OFFERED }, (_, number) => {
    const down = semaphoreOperation(number, -1, flags);
    const up = semaphoreOperation(number, +1, flags);
    return {
      handles: [id, id],
      acquire: () => operate(id, down),
      release: () => operate(id, up),
      [Symbol.dispose]() {},
    };
  });
}

export const facility: Facility = {
  id: "sysv-semaphore",
  title: "System V semaphore",
  summary: "Sets of counters in the kernel with a key; operations on a set are atomic.",
  origin: { family: "System V", source: "System V (1983); POSIX.1-2001 XSI semop()" },
  semantics: {
    boundaries: "none",
    identifier: "key",
    handle: "ipc-id",
    accessibility: "permission-mask",
    persistence: "kernel",
    pollable: false,
    order: "none",
    destructiveReads: null,
    emptyBlocks: true,
    whenFull: "refuses",
    peek: false,
    holderDies: "stuck",
  },
  variants: [
    { id: "plain", summary: "What a process did stays done when it ends." },
    {
      id: "undo",
      summary: "SEM_UNDO: the kernel takes back what a process did when it ends.",
      semantics: { holderDies: "undone" },
    },
  ],
  limits: () => [
    limit.semmsl(),
    limit.semmns(),
    limit.semopm(),
    limit.semmni(),
    limit.semvmx(),
  ],
  notifier: {
    create: (options) => createSet(options, 2, 0),
    attach: attachNotifier,
    variants: ["plain"],
  },
  lock: {
    create: (options) => createSet(options, LOCKS_OFFERED, 1),
    attach: attachLocks,
  },
};
