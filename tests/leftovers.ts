/**
 * What is in the kernel and in the temporary folder now, so that a test can show that it left nothing.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { readText, tryListFolder, tryReadText } from "../facilities/libc/files.ts";
import { messageQueues } from "./message_queues.ts";
import { allProcesses, commandLine } from "./processes.ts";

/** What another suite beside this one makes may be there for so long. */
const PATIENCE_MS = 60_000;

/** Whatever a test starts has this in its environment, and its children too. */
const MARK = `IPC_TAXONOMY_TESTS=${crypto.randomUUID()}`;
Deno.env.set(...MARK.split("=") as [string, string]);

/** Of all POSIX objects that the suite can make. */
const POSIX_NAME = /^(\/|sem\.)?ipc-taxonomy(-[\w.-]+)?-[0-9a-f]{24}$/;

/** Where the rows of `/proc/sysvipc/shm` have the id of the process that made the segment. */
const CPID = 4;

/** Names of all objects that a run of the suite can make. */
function objects(temporary: string): Set<string> {
  const names = [
    ...tryListFolder("/dev/shm").filter((name) => POSIX_NAME.test(name))
      .map((name) => `/dev/shm/${name}`),
    ...messageQueues().filter((name) => POSIX_NAME.test(name)).map((name) => `queue ${name}`),
  ];
  for (const kind of ["msg", "sem", "shm"]) {
    const rows = readText(`/proc/sysvipc/${kind}`).trim().split("\n").slice(1)
      .map((row) => row.trim().split(/\s+/))
      .filter((row) => kind !== "shm" || !isStranger(Number(row[CPID])));
    names.push(...rows.map((row) => `${kind} ${row.slice(0, 2).join(" ")}`));
  }
  names.push(...tryListFolder(temporary));
  for (const pid of allProcesses()) {
    if (isOurs(pid) && commandLine(pid).includes("/participant.ts")) names.push(`process ${pid}`);
  }
  return new Set(names);
}

function isOurs(pid: number): boolean {
  return tryReadText(`/proc/${pid}/environ`)?.split("\0").includes(MARK) ?? false;
}

/** A living process of somebody else: a database keeps its segment as long as it lives. */
function isStranger(pid: number): boolean {
  return commandLine(pid) !== "" && pid !== Deno.pid && !isOurs(pid);
}

/**
 * Runs `body`, with a temporary folder of its own, and asserts that whatever it made is gone soon
 * after. What others make meanwhile goes too, as long as they clean up.
 */
export async function leavingNothing(body: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = await Deno.makeTempDir();
  try {
    const before = objects(temporary);
    await body(temporary);
    let left = [...objects(temporary)].filter((name) => !before.has(name));
    const deadline = performance.now() + PATIENCE_MS;
    while (left.length > 0) {
      if (performance.now() > deadline) assertEquals(left, [], "left behind");
      await new Promise((resolve) => setTimeout(resolve, 20));
      const now = objects(temporary);
      left = left.filter((name) => now.has(name));
    }
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

/** Live participants that a process has started, in the order of their start. */
export function participantsOf(parent: number): number[] {
  const children = tryListFolder(`/proc/${parent}/task`).flatMap((thread) =>
    (tryReadText(`/proc/${parent}/task/${thread}/children`) ?? "").split(/\s+/).filter(Boolean)
  );
  return children.map(Number).filter((pid) =>
    (tryReadText(`/proc/${pid}/cmdline`) ?? "").includes("/participant.ts")
  );
}
