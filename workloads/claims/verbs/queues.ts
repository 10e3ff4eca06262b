/**
 * What a participant does with message queues, below the contract.
 *
 * @module
 */
import { check } from "../../../facilities/libc/errno.ts";
import { Struct } from "../../../facilities/libc/memory.ts";
import { IPC_NOWAIT } from "../../../facilities/libc/sys_ipc.ts";
import * as msg from "../../../facilities/libc/sys_msg.ts";
import * as mqueue from "../../../facilities/libc/mqueue.ts";

/** Sends a message with a priority. */
export function mqSend(queue: number, text: string, priority: number): void {
  const message = new Struct(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  check(
    "mq_send",
    mqueue.mq_send(queue, message.pointer, BigInt(text.length), priority),
  );
}

/** Receives the next message with room for `capacity` bytes. */
export function mqReceive(queue: number, capacity: number): string {
  const room = new Struct(capacity);
  const count = check(
    "mq_receive",
    mqueue.mq_receive(queue, room.pointer, BigInt(capacity), null),
  );
  return String.fromCharCode(...room.bytes.subarray(0, count));
}

/** Receives the next message of a type at once; a longer one is cut to the room, if `cut`. */
export function msgReceive(
  id: number,
  capacity: number,
  type: number,
  cut = false,
): string {
  const room = new Struct(msg.TYPE_BYTES + capacity);
  const flags = IPC_NOWAIT | (cut ? msg.MSG_NOERROR : 0);
  const count = check(
    "msgrcv",
    msg.msgrcv(id, room.pointer, BigInt(capacity), BigInt(type), flags),
  );
  return String.fromCharCode(...room.bytes.subarray(msg.TYPE_BYTES, msg.TYPE_BYTES + count));
}

/** Sends a message of a type. */
export function msgSend(id: number, text: string, type: number): void {
  const message = new Struct(msg.TYPE_BYTES + text.length).setI64(0, type);
  for (let at = 0; at < text.length; at++) {
    message.bytes[msg.TYPE_BYTES + at] = text.charCodeAt(at);
  }
  check("msgsnd", msg.msgsnd(id, message.pointer, BigInt(text.length), 0));
}

/** Arms the queue's notification by a signal. */
export function mqNotify(queue: number, signal: number): void {
  mqueue.mqNotify(queue, signal);
}

/** How many bytes a message of the queue may have. */
export function mqMessageBytes(queue: number): number {
  return mqueue.mqAttributes(queue).messageBytes;
}
