// @gate both alone

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { facility } from "../../../../facilities/communication/message/sysv_message_queue.ts";
import { tryReadText } from "../../../../facilities/libc/files.ts";
import { Memory } from "../../../../facilities/libc/memory.ts";
import { IPC_CREAT, IPC_EXCL } from "../../../../facilities/libc/sys_ipc.ts";
import {
  messageQueueState,
  msgget,
  msgrcv,
  msgsnd,
  removeMessageQueue,
} from "../../../../facilities/libc/sys_msg.ts";
import { limit } from "../../../../facilities/limits.ts";
import { Scope } from "../../../../facilities/scope.ts";
import { WORD } from "../../participant.ts";
import { checkRows } from "../../rows.ts";
import { inState, leavingNothing, withCompany, withFolder } from "../../together.ts";
import { testTransfer } from "../../transfer.ts";

testTransfer({ facility: "sysv-message-queue", maxBytes: 8_192, turns: 300 });

const randomKey = () => crypto.getRandomValues(new Int32Array(1))[0]! || 1;
const NEW = IPC_CREAT | IPC_EXCL | 0o600;

Deno.test("System V message queue calls fail as documented", async () => {
  const key = randomKey();
  const longest = limit.msgmax().value;
  await leavingNothing(async () => {
    const id = msgget(key, NEW);
    const { capacityBytes } = messageQueueState(id);
    await checkRows([
      { call: "msgget", args: [randomKey(), 0], errno: "ENOENT" },
      { call: "msgget", args: [key, NEW], errno: "EEXIST" },
      { call: "msgget", args: [key, 0], errno: null },
      { call: "msgget", args: [key, 0o600], errno: "EACCES", who: "nobody" },
      { call: "msgsnd", args: [id, 0, 1], errno: "EINVAL" },
      { call: "msgsnd", args: [id, -1, 1], errno: "EINVAL" },
      { call: "msgsnd", args: [id, 1, longest + 1], errno: "EINVAL" },
      { call: "msgsnd", args: [id, 1, 1], errno: "EACCES", who: "nobody" },
      { call: "msgrcv", args: [id, 8, 0], errno: "ENOMSG" },
      { call: "msgrcv", args: [id, 8, 0], errno: "EACCES", who: "nobody" },
      { call: "msgsnd", args: [id, 2 ** 40, 8], errno: null },
      { call: "msgrcv", args: [id, 8, 1], errno: "ENOMSG" },
      { call: "msgrcv", args: [id, 7, 0], errno: "E2BIG" },
      { call: "msgrcv", args: [id, 8, 2 ** 40], errno: null },
      ...Array.from({ length: Math.floor(capacityBytes / longest) }, () => (
        { call: "msgsnd", args: [id, 1, longest], errno: null } as const
      )),
      { call: "msgsnd", args: [id, 1, longest], errno: "EAGAIN" },
      { call: "msgctl_IPC_STAT", args: [id], errno: "EACCES", who: "nobody" },
      { call: "msgctl_IPC_RMID", args: [id], errno: "EPERM", who: "nobody" },
      { call: "msgctl_IPC_RMID", args: [id], errno: null },
      { call: "msgsnd", args: [id, 1, 1], errno: "EINVAL" },
      { call: "msgrcv", args: [id, 8, 0], errno: "EINVAL" },
      { call: "msgget", args: [key, 0], errno: "ENOENT" },
    ]);
  });
});

/** Sends one byte of a type; receives the next of a type and returns the byte. */
function sendByte(id: number, message: Memory, type: number, byte: number): void {
  new DataView(message.buffer).setBigInt64(0, BigInt(type), true);
  message.bytes[8] = byte;
  assertEquals(msgsnd(id, message.pointer, 1n, 0), 0);
}

function receiveByte(id: number, message: Memory, type: bigint): number {
  assertEquals(msgrcv(id, message.pointer, 1n, type, 0), 1);
  return message.bytes[8]!;
}

Deno.test("a type asks for its first message, 0 for the first, a negative one for the lowest", () => {
  using message = Memory.allocate(16);
  const id = msgget(randomKey(), NEW);
  try {
    for (const [type, byte] of [[5, 1], [7, 2], [5, 3], [3, 4], [7, 5]] as const) {
      sendByte(id, message, type, byte);
    }
    assertEquals(receiveByte(id, message, 7n), 2);
    assertEquals(receiveByte(id, message, 0n), 1);
    assertEquals(receiveByte(id, message, -6n), 4);
    assertEquals(receiveByte(id, message, -6n), 3);
    assertEquals(receiveByte(id, message, 0n), 5);
  } finally {
    removeMessageQueue(id);
  }
});

// A declared `i32` would lose the type's upper half, and its sign once the call is compiled.
Deno.test("types keep 64 bits and their sign in calls that have become hot", () => {
  using message = Memory.allocate(16);
  const id = msgget(randomKey(), NEW);
  const types = [2 ** 31, 2 ** 32 + 1, 1, 2 ** 31 - 1];
  const asked = types.map((type) => BigInt(type));
  try {
    for (let turn = 0; turn < 60_000; turn++) {
      sendByte(id, message, types[turn & 3]!, 1);
      sendByte(id, message, types[(turn + 1) & 3]!, 2);
      if (receiveByte(id, message, asked[(turn + 1) & 3]!) !== 2) throw new Error(`turn ${turn}`);
      if (receiveByte(id, message, -asked[turn & 3]!) !== 1) throw new Error(`turn ${turn}`);
    }
  } finally {
    removeMessageQueue(id);
  }
});

Deno.test("a message that the queue could never hold is refused, not waited for", async () => {
  await leavingNothing(() =>
    withFolder((folder) => {
      using scope = new Scope(`${folder}/scope`);
      const maxBytes = limit.msgmnb().value + 1;
      assertThrows(
        () => facility.channel!.create({ maxBytes, participants: "process", count: 2, scope }),
        RangeError,
        "msg_qbytes",
      );
      return Promise.resolve();
    })
  );
});

const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 1));

const RECEIVER = {
  facility: "sysv-message-queue",
  capability: "channel",
  participants: "process",
} as const;

/** How often the main thread of a process went to sleep; null when it has ended. */
function sleeps(pid: number): number | null {
  const status = tryReadText(`/proc/${pid}/status`) ?? "";
  const count = /^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1];
  return count === undefined ? null : Number(count);
}

Deno.test("a receiver that handles a signal waits on", async () => {
  await withCompany(RECEIVER, async ({ start, told, created, memory }) => {
    const holder = start("hold", "initiator", 0);
    const waiter = start("receive-once", "peer", 1);
    await told(WORD.about);
    await inState(waiter.pid, "S");
    const before = sleeps(waiter.pid)!;
    waiter.kill("SIGHUP");
    while ((sleeps(waiter.pid) ?? Infinity) === before) await nextTurn();
    assertEquals(memory.words[WORD.counter], 0);
    using sender = await facility.channel!.attach(created.link, "initiator");
    sender.send(1);
    assertEquals(await waiter.report, null);
    holder.kill("SIGKILL");
    await holder.report;
  });
});

Deno.test("who waits on a queue that is removed gets EIDRM", async () => {
  await withCompany(RECEIVER, async ({ start, told, created }) => {
    const holder = start("hold", "initiator", 0);
    const waiter = start("receive-once", "peer", 1);
    await told(WORD.about);
    await inState(waiter.pid, "S");
    created[Symbol.dispose]();
    assertMatch(`${await waiter.report}`, /msgrcv failed: EIDRM/);
    holder.kill("SIGKILL");
    await holder.report;
  });
});
