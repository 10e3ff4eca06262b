// @gate alone

import { O_CREAT, O_EXCL } from "../../../facilities/libc/fcntl.ts";
import { semClose, semOpen, semUnlink } from "../../../facilities/libc/semaphore.ts";
import { limit } from "../../../facilities/limits.ts";
import { checkRows } from "../rows.ts";
import { leavingNothing } from "../together.ts";

const MOST = limit.semValueMax().value;

Deno.test("named semaphore calls fail as documented", async () => {
  const name = `/ipc-taxonomy-test-${crypto.randomUUID()}`;
  await leavingNothing(async () => {
    semClose(semOpen(name, O_CREAT | O_EXCL, 1));
    try {
      await checkRows([
        { call: "sem_open", args: [`${name}-absent`, 0], errno: "ENOENT" },
        { call: "sem_open", args: [name, O_CREAT | O_EXCL], errno: "EEXIST" },
        { call: "sem_open", args: [name, 0], errno: "EACCES", who: "nobody" },
        { call: "sem_open", args: ["/", O_CREAT], errno: "EINVAL" },
        { call: "sem_open", args: [`/${"x".repeat(252)}`, O_CREAT], errno: "ENAMETOOLONG" },
        { call: "sem_open", args: [`${name}-large`, O_CREAT, MOST + 1], errno: "EINVAL" },
        { call: "sem_unlink", args: [`${name}-absent`], errno: "ENOENT" },
        { call: "sem_unlink", args: [name], errno: "EACCES", who: "nobody" },
      ]);
    } finally {
      semUnlink(name);
    }
  });
});

Deno.test("semaphores in memory fail as documented", async () => {
  await checkRows([
    { call: "sem_init", args: [MOST], errno: null },
    { call: "sem_init", args: [MOST + 1], errno: "EINVAL" },
    { call: "sem_post", args: [MOST - 1], errno: null },
    { call: "sem_post", args: [MOST], errno: "EOVERFLOW" },
    { call: "sem_trywait", args: [1], errno: null },
    { call: "sem_trywait", args: [0], errno: "EAGAIN" },
  ]);
});
