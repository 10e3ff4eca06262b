import { assert, assertEquals } from "@std/assert";
import type { Facility } from "../../../facilities/facility.ts";
import { ERRNO, SystemCallError } from "../../../facilities/libc/errno.ts";
import { listFolder, tryListFolder } from "../../../facilities/libc/files.ts";
import { shmOpen, shmUnlink } from "../../../facilities/libc/sys_mman.ts";
import { O_CREAT, O_EXCL, O_RDWR } from "../../../facilities/libc/fcntl.ts";
import { close } from "../../../facilities/libc/unistd.ts";
import { LEAVES, loadFacility } from "../../../facilities/taxonomy.ts";
import { ceilingsOf, gatherFacts, refusalsOf } from "../../../workloads/runner/doctor_facts.ts";

// What a facility opens of the C library stays open.
await Promise.all(LEAVES.map(({ load }) => load()));
const pipe = await loadFacility("pipe");
const queue = await loadFacility("posix-message-queue");

/** A facility that the kernel refuses, as seccomp would. */
const forbidden: Facility = {
  ...pipe,
  id: "forbidden",
  channel: {
    ...pipe.channel!,
    create() {
      throw new SystemCallError("mq_open", ERRNO.EPERM);
    },
  },
};

const unfit: Facility = { ...pipe, id: "unfit", inapplicable: () => "threads only" };

Deno.test("a facility whose largest message is below the plan's has a ceiling", () => {
  const [ceiling] = ceilingsOf(queue, 2 ** 40);
  assertEquals(ceiling?.facility, "posix-message-queue");
  assertEquals(ceiling?.limit, queue.channel!.largestMessage!());
  assertEquals(ceilingsOf(queue, 1), []);
  assertEquals(ceilingsOf(pipe, 2 ** 40), []);
});

Deno.test("facilities are tried for real, and what is refused is told", async () => {
  assertEquals(await refusalsOf([pipe, forbidden, unfit]), [
    { facility: "forbidden", reason: "mq_open failed: EPERM", code: "EPERM" },
    { facility: "unfit", reason: "threads only", code: null },
  ]);
});

Deno.test("gathering leaves no descriptor and no object behind, and sees those of others", async () => {
  const name = `/ipc-taxonomy-${crypto.randomUUID()}`;
  // With its first worker the runtime opens descriptors for itself.
  await gatherFacts(0.001, 1);
  close(shmOpen(name, O_RDWR | O_CREAT | O_EXCL));
  const mine = () => listFolder("/proc/self/fd").length;
  const temporary = () =>
    tryListFolder(Deno.env.get("TMPDIR") ?? "/tmp").filter((one) =>
      /^ipc-taxonomy-doctor/.test(one)
    );
  try {
    const before = mine();
    const facts = await gatherFacts(0.001, 1);
    assertEquals(mine(), before);
    assert(facts.leftovers.includes(`/dev/shm${name}`));
  } finally {
    shmUnlink(name);
  }
  const facts = await gatherFacts(0.001, 1);
  assertEquals(facts.leftovers.includes(`/dev/shm${name}`), false);
  assertEquals(facts.leftovers.some((one) => temporary().includes(one)), false);
  assertEquals(facts.awakeRefused, null);
  assert(facts.onlineCpus >= facts.host.cpus);
});
