// @gate alone

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { SystemCallError } from "../../../facilities/libc/errno.ts";
import {
  IPC_CREAT,
  IPC_EXCL,
  SEM_UNDO,
  semaphoreOperation,
  semget,
  semop,
  semRemove,
  semSetValue,
  semValue,
} from "../../../facilities/libc/sys_sem.ts";
import { limit } from "../../../facilities/limits.ts";
import { WORD } from "../participant.ts";
import { checkRows } from "../rows.ts";
import { inState, leavingNothing, withCompany } from "../together.ts";

const randomKey = () => crypto.getRandomValues(new Int32Array(1))[0]! || 1;

Deno.test("System V semaphore calls fail as documented", async () => {
  const key = randomKey();
  const absent = randomKey();
  const newSet = IPC_CREAT | IPC_EXCL | 0o600;
  await leavingNothing(async () => {
    const id = semget(key, 3, newSet);
    try {
      await checkRows([
        { call: "semget", args: [absent, 0, 0], errno: "ENOENT" },
        { call: "semget", args: [key, 3, newSet], errno: "EEXIST" },
        { call: "semget", args: [key, 4, 0], errno: "EINVAL" },
        { call: "semget", args: [absent, 0, newSet], errno: "EINVAL" },
        { call: "semget", args: [absent, limit.semmsl().value + 1, newSet], errno: "EINVAL" },
        { call: "semget", args: [key, 0, 0o600], errno: "EACCES", who: "nobody" },
        { call: "semctl_SETVAL", args: [id, 0, 32_768], errno: "ERANGE" },
        { call: "semctl_SETVAL", args: [id, 3, 1], errno: "EINVAL" },
        { call: "semctl_SETVAL", args: [id, 0, 32_767], errno: null },
        { call: "semop", args: [id, 0, +1], errno: "ERANGE" },
        { call: "semop", args: [id, 3, +1], errno: "EFBIG" },
        { call: "semop", args: [id, 1, -1], errno: "EAGAIN" },
        { call: "semop", args: [-1, 0, +1], errno: "EINVAL" },
        { call: "semop", args: [id, 0, -1], errno: "EACCES", who: "nobody" },
        { call: "semtimedop", args: [id, 1, -1, 1], errno: "EAGAIN" },
        { call: "semctl_IPC_RMID", args: [id], errno: "EPERM", who: "nobody" },
        { call: "semctl_IPC_RMID", args: [id], errno: null },
        { call: "semop", args: [id, 0, -1], errno: "EINVAL" },
      ]);
    } finally {
      try {
        semRemove(id);
      } catch { /* The last row but one did. */ }
    }
  });
});

Deno.test("posts that are to be undone add up to 32,767, hence no notifier with SEM_UNDO", () => {
  const id = semget(randomKey(), 1, IPC_CREAT | IPC_EXCL | 0o600);
  try {
    const post = semaphoreOperation(0, +1, SEM_UNDO);
    const take = semaphoreOperation(0, -1);
    let posts = 0;
    while (posts < 40_000 && semop(id, post.pointer, 1n) === 0) {
      posts++;
      semop(id, take.pointer, 1n);
    }
    assertEquals(posts, 32_768);
    semSetValue(id, 0, 0);
    assertEquals(semop(id, post.pointer, 1n), 0);
    assertEquals(semValue(id, 0), 1);
  } finally {
    semRemove(id);
  }
  assertThrows(() => semValue(id, 0), SystemCallError, "EINVAL");
});

Deno.test("who sleeps on a set that is removed gets EIDRM", async () => {
  await withCompany(
    { facility: "sysv-semaphore", capability: "lock", participants: "process" },
    async ({ start, told, created }) => {
      const holder = start("hold", "initiator", 0);
      const waiter = start("wait-once", "peer", 1);
      await told(WORD.about);
      await inState(waiter.pid, "S");
      created[Symbol.dispose]();
      assertMatch(`${await waiter.report}`, /semop failed: EIDRM/);
      holder.kill("SIGKILL");
      await holder.report;
    },
  );
});
