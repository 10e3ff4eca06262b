/**
 * What a participant does with memory, below the contract.
 *
 * @module
 */
import { vmsplice as splicePages } from "../../../facilities/libc/fcntl.ts";
import { SystemCallError } from "../../../facilities/libc/errno.ts";
import { readText } from "../../../facilities/libc/files.ts";
import { Memory } from "../../../facilities/libc/memory.ts";
import { pthread_mutex_lock } from "../../../facilities/libc/pthread.ts";
import { mapSharedPage } from "../../../facilities/shared_page.ts";
import { afterwards } from "./held.ts";

let spliced: Memory | undefined;

/** Puts a page with the text into a pipe, as a page; returns how many bytes went in. */
export function vmsplice(fd: number, text: string): number {
  const page = spliced = Memory.allocate(4096);
  afterwards(() => page[Symbol.dispose]());
  overwriteSpliced(text);
  return splicePages(fd, page.pointer, text.length);
}

/** Overwrites the page that was put into the pipe. */
export function overwriteSpliced(text: string): void {
  for (let at = 0; at < text.length; at++) spliced!.bytes[at] = text.charCodeAt(at);
}

/**
 * Locks the mutex at an offset of a shared page.
 *
 * @throws {SystemCallError} EOWNERDEAD when it has it because its holder died
 */
export function lockMutex(page: number, offset: number): void {
  const memory = mapSharedPage(page);
  afterwards(() => memory[Symbol.dispose]());
  const error = pthread_mutex_lock(memory.at(offset));
  if (error !== 0) throw new SystemCallError("pthread_mutex_lock", error);
}

/** Shared mappings of this process. */
export function sharedMappings(): number {
  return readText("/proc/self/maps").split("\n").filter((line) => / [rwx-]{3}s /.test(line)).length;
}
