/** Looking at other processes, and waiting until they are as a test wants them. @module */
import { assert } from "@std/assert";
import { tryListFolder, tryReadText } from "../facilities/libc/files.ts";

const PATIENCE_MS = 60_000;

/** Ids of all processes. */
export function allProcesses(): number[] {
  return tryListFolder("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
}

/** The arguments of a process; empty of one that has ended, waited for or not. */
export function commandLine(pid: number): string {
  return tryReadText(`/proc/${pid}/cmdline`) ?? "";
}

/** The participants that a process has started, the initiator of a trial first. */
export function participantsOf(parent: number): number[] {
  const children = participantsBelow(parent);
  return [...children, ...children.flatMap(participantsBelow)];
}

function participantsBelow(parent: number): number[] {
  return childrenOf(parent).filter((pid) => commandLine(pid).includes("/participant.ts"));
}

/** The processes that a process has started and that are there. */
export function childrenOf(parent: number): number[] {
  return allProcesses().filter((pid) =>
    (tryReadText(`/proc/${pid}/status`) ?? "").includes(`\nPPid:\t${parent}\n`)
  );
}

/** Looks again until `find` finds something. */
export async function eventually<T>(what: string, find: () => T | null | false): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = find();
    if (found !== null && found !== false) return found;
    assert(performance.now() < deadline, `${what}: not within ${PATIENCE_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
