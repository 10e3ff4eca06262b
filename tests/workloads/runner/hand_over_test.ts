import { assertEquals, assertThrows } from "@std/assert";
import { F_DUPFD_CLOEXEC, F_GETFD, fcntl } from "../../../facilities/libc/fcntl.ts";
import { readTextOf } from "../../../facilities/libc/files.ts";
import { memfdCreate } from "../../../facilities/libc/sys_mman.ts";
import { close, writeAll } from "../../../facilities/libc/unistd.ts";
import {
  createMailbox,
  handOver,
  OwnDescriptors,
  takeOver,
} from "../../../workloads/runner/hand_over.ts";

/** An open file that says who it is. */
function fileOf(text: string): number {
  const fd = memfdCreate("ipc-taxonomy test");
  writeAll(fd, new TextEncoder().encode(text));
  return fd;
}

function isOpen(fd: number): boolean {
  try {
    return fcntl(fd, F_GETFD) >= 0;
  } catch {
    return false;
  }
}

Deno.test("what is opened to be shared gets numbers that no runtime uses, and is found", () => {
  const spare = fileOf("spare");
  using own = new OwnDescriptors(spare);
  const first = fileOf("first");
  const hidden = fcntl(first, F_DUPFD_CLOEXEC);
  const second = fileOf("second");
  assertEquals(own.list().toSorted((a, b) => a - b), [first, second]);
  assertEquals([first >= 64, second > first], [true, true]);
  [first, second, hidden, spare].forEach(close);
});

Deno.test("descriptors keep their numbers, however they arrive, and as many as there are", () => {
  const [mailbox, mine] = createMailbox();
  // More than fit into one message.
  const count = 300;
  const numbers = Array.from({ length: count }, (_, at) => fileOf(`file ${at}`));
  const texts = new Map(numbers.map((fd, at) => [fd, `file ${at}`]));
  numbers.reverse();
  const links = [{ fd: numbers[0] }, null];
  handOver(mailbox, { links, numbers });
  // As they were never here: what arrives gets the lowest numbers, each another one's.
  numbers.forEach(close);
  assertEquals(takeOver(mine), links);
  for (const fd of numbers) assertEquals(readTextOf(fd), texts.get(fd));
  [...numbers, mailbox, mine].forEach(close);
});

Deno.test("a number that is in use is not taken from whom it belongs to", () => {
  const [mailbox, mine] = createMailbox();
  const fd = fileOf("handed over");
  handOver(mailbox, { links: [], numbers: [fd] });
  assertThrows(() => takeOver(mine), Error, `Cannot take over descriptor ${fd}: it is in use here`);
  assertEquals(isOpen(fd), true);
  [fd, mailbox, mine].forEach(close);
});
