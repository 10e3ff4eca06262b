// @gate alone

import { assertEquals } from "@std/assert";
import { O_CREAT, O_EXCL, O_RDONLY, O_RDWR, open } from "../../../../facilities/libc/fcntl.ts";
import { Memory } from "../../../../facilities/libc/memory.ts";
import { eventfd } from "../../../../facilities/libc/sys_eventfd.ts";
import { memfdCreate, shmOpen, shmUnlink } from "../../../../facilities/libc/sys_mman.ts";
import { IPC_CREAT, IPC_EXCL } from "../../../../facilities/libc/sys_ipc.ts";
import {
  removeSegment,
  segmentState,
  shmat,
  shmdt,
  shmget,
} from "../../../../facilities/libc/sys_shm.ts";
import { close, ftruncate, pipe2 } from "../../../../facilities/libc/unistd.ts";
import { checkRows } from "../../rows.ts";
import { leavingNothing } from "../../together.ts";

const randomKey = () => crypto.getRandomValues(new Int32Array(1))[0]! || 1;
const randomName = () => `/ipc-taxonomy-test-${crypto.randomUUID()}`;

Deno.test("System V shared memory calls fail as documented", async () => {
  const newSegment = IPC_CREAT | IPC_EXCL | 0o600;
  const key = randomKey();
  await leavingNothing(async () => {
    const id = shmget(key, 8_192, newSegment);
    await checkRows([
      { call: "shmget", args: [randomKey(), 0, 0], errno: "ENOENT" },
      { call: "shmget", args: [key, 8_192, newSegment], errno: "EEXIST" },
      { call: "shmget", args: [key, 8_193, 0], errno: "EINVAL" },
      { call: "shmget", args: [randomKey(), 0, newSegment], errno: "EINVAL" },
      { call: "shmget", args: [key, 0, 0o600], errno: "EACCES", who: "nobody" },
      { call: "shmat", args: [id], errno: "EACCES", who: "nobody" },
      { call: "shmat", args: [id], errno: null },
      { call: "shmat", args: [-1], errno: "EINVAL" },
      { call: "shmdt", args: [4096], errno: "EINVAL" },
      { call: "shmctl_IPC_STAT", args: [id], errno: "EACCES", who: "nobody" },
      { call: "shmctl_IPC_RMID", args: [id], errno: "EPERM", who: "nobody" },
      { call: "shmctl_IPC_RMID", args: [id], errno: null },
      { call: "shmat", args: [id], errno: "EINVAL" },
      { call: "shmctl_IPC_STAT", args: [id], errno: "EINVAL" },
    ]);
  });
});

Deno.test("a removed segment stays while it is attached", async () => {
  await leavingNothing(() => {
    const id = shmget(randomKey(), 4_096, IPC_CREAT | IPC_EXCL | 0o600);
    const first = Memory.adopt(shmat(id), 4_096, shmdt);
    removeSegment(id);
    const second = Memory.adopt(shmat(id), 4_096, shmdt);
    first.bytes[0] = 42;
    assertEquals(second.bytes[0], 42);
    const { bytes, attached } = segmentState(id);
    assertEquals({ bytes, attached }, { bytes: 4_096, attached: 2 });
    first[Symbol.dispose]();
    second[Symbol.dispose]();
    return Promise.resolve();
  });
});

Deno.test("POSIX shared memory calls fail as documented", async () => {
  const name = randomName();
  const fd = shmOpen(name, O_RDWR | O_CREAT | O_EXCL);
  try {
    await checkRows([
      { call: "shm_open", args: [randomName(), O_RDWR], errno: "ENOENT" },
      { call: "shm_open", args: [name, O_RDWR | O_CREAT | O_EXCL], errno: "EEXIST" },
      { call: "shm_open", args: [name, O_RDWR], errno: "EACCES", who: "nobody" },
      { call: "shm_open", args: ["/two/slashes", O_RDWR | O_CREAT], errno: "EINVAL" },
      { call: "shm_open", args: [`/${"n".repeat(256)}`, O_RDWR | O_CREAT], errno: "ENAMETOOLONG" },
      { call: "shm_unlink", args: [name], errno: "EACCES", who: "nobody" },
      { call: "shm_unlink", args: [name], errno: null },
      { call: "shm_unlink", args: [name], errno: "ENOENT" },
    ]);
  } finally {
    close(fd);
  }
});

Deno.test("mapping calls fail as documented", async () => {
  const fd = memfdCreate("ipc-taxonomy-test");
  const readable = open("/proc/self/exe", O_RDONLY);
  const unmappable = eventfd(0, 0);
  const [readEnd, writeEnd] = pipe2();
  ftruncate(fd, 4_096);
  const shared = Memory.share(4_096);
  const hidden = Memory.allocate(4_096);
  const at = ({ pointer }: Memory) => Number(Deno.UnsafePointer.value(pointer));
  try {
    await checkRows([
      { call: "memfd_create", args: ["n".repeat(250), 0], errno: "EINVAL" },
      { call: "memfd_create", args: ["name", 1 << 20], errno: "EINVAL" },
      { call: "memfd_create", args: ["name", 0], errno: null },
      { call: "mmap", args: [0, fd], errno: "EINVAL" },
      { call: "mmap", args: [4_096, 1 << 20], errno: "EBADF" },
      { call: "mmap", args: [4_096, readable], errno: "EACCES" },
      { call: "mmap", args: [4_096, unmappable], errno: "ENODEV" },
      { call: "mmap", args: [2 ** 52, fd], errno: "ENOMEM" },
      { call: "mmap", args: [4_096, fd], errno: null },
      { call: "mremap", args: [at(shared), 4_096], errno: null },
      { call: "mremap", args: [at(hidden), 4_096], errno: "EINVAL" },
      { call: "mremap", args: [4_096, 4_096], errno: "EFAULT" },
      { call: "posix_fallocate", args: [fd, 8_192], errno: null },
      { call: "posix_fallocate", args: [fd, 0], errno: "EINVAL" },
      { call: "posix_fallocate", args: [readable, 4_096], errno: "EBADF" },
      { call: "posix_fallocate", args: [writeEnd, 4_096], errno: "ESPIPE" },
    ]);
  } finally {
    [fd, readable, unmappable, readEnd, writeEnd].forEach(close);
    shared[Symbol.dispose]();
    hidden[Symbol.dispose]();
  }
});

// `shm_unlink` leaves the memory to those who have it open.
Deno.test("an unlinked object stays while it is mapped, and its name is free again", () => {
  const name = randomName();
  const fd = shmOpen(name, O_RDWR | O_CREAT | O_EXCL);
  ftruncate(fd, 4_096);
  using first = Memory.map(fd, 4_096);
  using second = Memory.map(fd, 4_096);
  close(fd);
  shmUnlink(name);
  close(shmOpen(name, O_RDWR | O_CREAT | O_EXCL));
  shmUnlink(name);
  first.bytes[0] = 42;
  assertEquals(second.bytes[0], 42);
});
