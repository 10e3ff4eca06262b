// @gate both

import { assertEquals, assertThrows } from "@std/assert";
import { facility } from "../../../../facilities/communication/message/posix_message_queue.ts";
import { SystemCallError } from "../../../../facilities/libc/errno.ts";
import { O_CREAT, O_EXCL, O_NONBLOCK, O_RDWR } from "../../../../facilities/libc/fcntl.ts";
import { Memory } from "../../../../facilities/libc/memory.ts";
import {
  mq_receive,
  mq_send,
  mqAttributes,
  mqClose,
  mqOpen,
  mqUnlink,
} from "../../../../facilities/libc/mqueue.ts";
import {
  resourceLimit,
  RLIMIT,
  setResourceLimit,
} from "../../../../facilities/libc/sys_resource.ts";
import { limit } from "../../../../facilities/limits.ts";
import { Scope } from "../../../../facilities/scope.ts";
import { openDescriptors } from "../../../descriptors.ts";
import { checkRows } from "../../rows.ts";
import { withFolder } from "../../together.ts";
import { testTransfer } from "../../transfer.ts";

testTransfer({ facility: "posix-message-queue", maxBytes: 8_192, turns: 300 });

const randomName = () => `/ipc-taxonomy-test-${crypto.randomUUID()}`;
const NEW = O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK;

Deno.test("POSIX message queue calls fail as documented", async () => {
  const name = randomName();
  const queue = mqOpen(name, NEW, { maxMessages: 2, messageBytes: 16 });
  const [deepest, longest] = [limit.mqueueMsgMax().value, limit.mqueueMsgsizeMax().value];
  try {
    await checkRows([
      { call: "mq_open", args: [randomName(), O_RDWR], errno: "ENOENT" },
      { call: "mq_open", args: [name, NEW], errno: "EEXIST" },
      { call: "mq_open", args: [name, O_RDWR], errno: "EACCES", who: "nobody" },
      { call: "mq_open", args: ["no-slash", NEW], errno: "EINVAL" },
      { call: "mq_open", args: ["/two/slashes", NEW], errno: "EACCES" },
      { call: "mq_open", args: [`/${"n".repeat(256)}`, NEW], errno: "ENAMETOOLONG" },
      { call: "mq_open", args: [randomName(), NEW, 0, 16], errno: "EINVAL" },
      {
        call: "mq_open",
        args: [randomName(), NEW, deepest + 1, 16],
        errno: "EINVAL",
        who: "nobody",
      },
      {
        call: "mq_open",
        args: [randomName(), NEW, 1, longest + 1],
        errno: "EINVAL",
        who: "nobody",
      },
      { call: "mq_receive", args: [queue, 16], errno: "EAGAIN" },
      { call: "mq_receive", args: [queue, 15], errno: "EMSGSIZE" },
      { call: "mq_send", args: [queue, 17, 0], errno: "EMSGSIZE" },
      { call: "mq_send", args: [queue, 1, 32_768], errno: "EINVAL" },
      { call: "mq_send", args: [queue, 1, 32_767], errno: null },
      { call: "mq_send", args: [queue, 16, 0], errno: null },
      { call: "mq_send", args: [queue, 1, 0], errno: "EAGAIN" },
      { call: "mq_send", args: [-1, 1, 0], errno: "EBADF" },
      { call: "mq_unlink", args: [name], errno: "EACCES", who: "nobody" },
      { call: "mq_unlink", args: [name], errno: null },
      { call: "mq_unlink", args: [name], errno: "ENOENT" },
    ]);
  } finally {
    mqClose(queue);
  }
});

Deno.test("higher priorities overtake, equal ones keep their order", () => {
  const name = randomName();
  const queue = mqOpen(name, NEW, { maxMessages: 6, messageBytes: 1 });
  mqUnlink(name);
  using message = Memory.allocate(1);
  try {
    for (const [priority, byte] of [[0, 1], [9, 2], [5, 3], [9, 4], [0, 5], [5, 6]] as const) {
      message.bytes[0] = byte;
      assertEquals(mq_send(queue, message.pointer, 1n, priority), 0);
    }
    assertEquals(mqAttributes(queue).currentMessages, 6);
    const received = Array.from({ length: 6 }, () => {
      assertEquals(mq_receive(queue, message.pointer, 1n, null), 1);
      return message.bytes[0];
    });
    assertEquals(received, [2, 4, 3, 6, 1, 5]);
  } finally {
    mqClose(queue);
  }
});

/** Makes the channel's queues while RLIMIT_MSGQUEUE is lowered to `bytes`. */
async function createWithin(bytes: number, maxBytes: number): Promise<number> {
  const { soft, hard } = resourceLimit(RLIMIT.MSGQUEUE);
  let depth = 0;
  await withFolder((folder) => {
    setResourceLimit(RLIMIT.MSGQUEUE, bytes, hard);
    try {
      using scope = new Scope(`${folder}/scope`);
      using created = facility.channel!.create({
        maxBytes,
        participants: "process",
        count: 2,
        scope,
      }) as Disposable & { link: { forth: string } };
      const queue = mqOpen(created.link.forth, O_RDWR);
      depth = mqAttributes(queue).maxMessages;
      mqClose(queue);
    } finally {
      setResourceLimit(RLIMIT.MSGQUEUE, soft, hard);
    }
    return Promise.resolve();
  });
  return depth;
}

Deno.test("under RLIMIT_MSGQUEUE the queues hold as many messages as fit, or mq_open says why not", async () => {
  const { soft } = resourceLimit(RLIMIT.MSGQUEUE);
  // The runtime opens other files as it likes.
  const queues = () => openDescriptors().filter(({ target }) => target.startsWith("/ipc-taxonomy"));
  const before = queues();
  assertEquals(await createWithin(soft, 8_192), limit.mqueueMsgMax().value);
  const error = await createWithin(8_192, 8_192).catch((error) => error);
  assertEquals(error instanceof SystemCallError && error.code, "EMFILE");
  assertEquals(/mq_open .* for 1 messages of 8192 bytes failed: EMFILE/.test(error.message), true);
  assertEquals(queues(), before);
});

Deno.test("a message of another length than expected is reported", async () => {
  await withFolder(async (folder) => {
    using scope = new Scope(`${folder}/scope`);
    const options = { maxBytes: 8, participants: "thread", count: 1, scope } as const;
    using created = await facility.channel!.create(options);
    using channel = await facility.channel!.attach(created.link, "solo");
    channel.send(3);
    assertThrows(() => channel.receive(4), Error, "a message of 3 bytes instead of 4");
  });
});
