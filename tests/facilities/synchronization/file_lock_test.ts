// @gate alone

import { assertEquals } from "@std/assert";
import {
  F_OFD_SETLK,
  F_SETLK,
  F_UNLCK,
  F_WRLCK,
  O_CLOEXEC,
  O_NOFOLLOW,
  O_RDONLY,
  O_RDWR,
  open,
} from "../../../facilities/libc/fcntl.ts";
import { LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN } from "../../../facilities/libc/sys_file.ts";
import { close } from "../../../facilities/libc/unistd.ts";
import { facility as recordLocks } from "../../../facilities/synchronization/fcntl_lock.ts";
import { WORD } from "../participant.ts";
import { checkRows } from "../rows.ts";
import { type Company, withCompany } from "../together.ts";

const alone = { capability: "lock", participants: "process", count: 1 } as const;
const anew = (path: string, access = O_RDWR) => open(path, access | O_NOFOLLOW | O_CLOEXEC);

/** Does it while another process holds the first lock. */
async function whileHeld({ start, told }: Company, act: () => Promise<void>): Promise<void> {
  const holder = start("hold", "initiator", 0);
  await told(WORD.held);
  try {
    await act();
  } finally {
    holder.kill("SIGKILL");
    await holder.report;
  }
}

Deno.test("record locks fail as documented", async () => {
  await withCompany({ ...alone, facility: "fcntl-lock" }, async (company) => {
    const { path } = company.created.link;
    const fd = anew(path);
    const reader = anew(path, O_RDONLY);
    await whileHeld(company, () =>
      checkRows([
        { call: "open", args: [path, O_RDWR], errno: "EACCES", who: "nobody" },
        { call: "fcntl", args: [fd, F_SETLK, F_WRLCK], errno: "EAGAIN" },
        { call: "fcntl", args: [fd, F_OFD_SETLK, F_WRLCK], errno: "EAGAIN" },
        { call: "fcntl", args: [fd, F_OFD_SETLK, F_WRLCK, 1], errno: "EINVAL" },
        { call: "fcntl", args: [reader, F_SETLK, F_WRLCK], errno: "EBADF" },
        { call: "fcntl", args: [-1, F_SETLK, F_WRLCK], errno: "EBADF" },
        { call: "fcntl", args: [fd, F_SETLK, 9], errno: "EINVAL" },
      ]));
    await checkRows([{ call: "fcntl", args: [fd, F_SETLK, F_WRLCK], errno: null }]);
    [fd, reader].forEach(close);
  });
});

Deno.test("record locks of one process are not in each other's way, those of two opens are", async () => {
  await withCompany({ ...alone, facility: "ofd-lock" }, async ({ created }) => {
    const [one, other] = [anew(created.link.path), anew(created.link.path)];
    await checkRows([
      { call: "fcntl", args: [one, F_SETLK, F_WRLCK], errno: null },
      { call: "fcntl", args: [other, F_SETLK, F_WRLCK], errno: null },
      { call: "fcntl", args: [other, F_SETLK, F_UNLCK], errno: null },
      { call: "fcntl", args: [one, F_OFD_SETLK, F_WRLCK], errno: null },
      { call: "fcntl", args: [other, F_OFD_SETLK, F_WRLCK], errno: "EAGAIN" },
    ]);
    [one, other].forEach(close);
  });
  assertEquals(recordLocks.inapplicable!("process"), null);
  assertEquals(typeof recordLocks.inapplicable!("thread"), "string");
});

Deno.test("two who wait in a circle: one of them gets EDEADLK", async () => {
  await withCompany({ ...alone, count: 2, facility: "fcntl-lock" }, async ({ start }) => {
    const both = [start("cross", "initiator", 0), start("cross", "peer", 1)];
    const reports = await Promise.all(both.map(({ report }) => report));
    const refused = reports.map((report) => report?.split("\n")[0] ?? null);
    assertEquals(refused.toSorted(), ["fcntl failed: EDEADLK", null]);
  });
});

Deno.test("flock fails as documented", async () => {
  await withCompany({ ...alone, facility: "flock" }, async (company) => {
    const [path] = company.created.link.paths;
    const fd = anew(path);
    await whileHeld(company, () =>
      checkRows([
        { call: "open", args: [path, O_RDWR], errno: "EACCES", who: "nobody" },
        { call: "flock", args: [fd, LOCK_EX | LOCK_NB], errno: "EAGAIN" },
        { call: "flock", args: [fd, LOCK_SH | LOCK_NB], errno: "EAGAIN" },
        { call: "flock", args: [fd, LOCK_UN], errno: null },
        { call: "flock", args: [fd, 0], errno: "EINVAL" },
        { call: "flock", args: [-1, LOCK_EX], errno: "EBADF" },
      ]));
    await checkRows([{ call: "flock", args: [fd, LOCK_EX | LOCK_NB], errno: null }]);
    close(fd);
  });
});
