/** A channel that never moves a message, over one kernel object of every kind. @module */
import { bindTo } from "../../../../facilities/communication/unix_socket.ts";
import type { Facility, Journal } from "../../../../facilities/facility.ts";
import { O_CREAT, O_EXCL, O_RDWR } from "../../../../facilities/libc/fcntl.ts";
import { mqClose, mqOpen } from "../../../../facilities/libc/mqueue.ts";
import { semClose, semOpen } from "../../../../facilities/libc/semaphore.ts";
import { IPC_CREAT, IPC_EXCL, semget } from "../../../../facilities/libc/sys_sem.ts";
import { shmOpen } from "../../../../facilities/libc/sys_mman.ts";
import { msgget } from "../../../../facilities/libc/sys_msg.ts";
import { shmget } from "../../../../facilities/libc/sys_shm.ts";
import { mkfifo } from "../../../../facilities/libc/sys_stat.ts";
import { SOCK_STREAM } from "../../../../facilities/libc/sys_socket.ts";
import { close } from "../../../../facilities/libc/unistd.ts";
import { facility as hanging } from "./hanging.ts";

const NEW = IPC_CREAT | IPC_EXCL | 0o600;

/** One of each kind, by name alone; removing them is the scope's business. */
export function makeOneOfEach(scope: Journal): void {
  const flags = O_RDWR | O_CREAT | O_EXCL;
  close(shmOpen(scope.posixName("shm"), flags));
  semClose(semOpen(scope.posixName("sem"), flags));
  mqClose(mqOpen(scope.posixName("mq"), flags, { maxMessages: 1, messageBytes: 64 }));
  msgget(scope.key("msg", () => false), NEW);
  semget(scope.key("sysv-sem", () => false), 1, NEW);
  shmget(scope.key("sysv-shm", () => false), 4096, NEW);
  mkfifo(scope.path("fifo"));
  const pathIsLeft = new DisposableStack();
  close(bindTo(scope.path("socket"), SOCK_STREAM, pathIsLeft));
}

export const facility: Facility = {
  ...hanging,
  id: "everything",
  channel: {
    ...hanging.channel!,
    create(options) {
      makeOneOfEach(options.scope);
      return hanging.channel!.create(options);
    },
  },
};
