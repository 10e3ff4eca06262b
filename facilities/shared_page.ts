/**
 * One page of memory that all participants of a trial share: where a futex, a process-shared
 * semaphore, a mutex or a process id lives that the others must see.
 *
 * It is a memfd, whose descriptor all participants have under one number; threads map it again.
 *
 * @module
 */
import { Memory, wholePages } from "./libc/memory.ts";
import { memfdCreate } from "./libc/sys_mman.ts";
import { close, ftruncate } from "./libc/unistd.ts";
import { once } from "./release.ts";

/** Creates a page (or more); returns its descriptor. @throws {SystemCallError} EMFILE, ENOMEM */
export function createSharedPage(length = 4096): { fd: number; [Symbol.dispose](): void } {
  const fd = memfdCreate("ipc-taxonomy");
  ftruncate(fd, wholePages(length));
  return { fd, [Symbol.dispose]: once(() => close(fd)) };
}

/** Maps the page. @throws {SystemCallError} EBADF, ENOMEM */
export function mapSharedPage(fd: number, length = 4096): Memory {
  return Memory.map(fd, wholePages(length));
}
