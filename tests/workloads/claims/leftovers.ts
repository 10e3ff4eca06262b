/** What the suite left behind, where other suites may run beside this one. */
import { assertEquals } from "@std/assert";
import { listFolder, readText, tryListFolder } from "../../../facilities/libc/files.ts";
import { messageQueues } from "../../message_queues.ts";

/** Objects of any suite, by name; those of the others come and go. */
function objects(): string[] {
  const ours = (folder: string) =>
    tryListFolder(folder).filter((name) => name.includes("ipc-taxonomy")).map((name) =>
      `${folder}/${name}`
    );
  const systemV = ["msg", "sem", "shm"].flatMap((kind) =>
    readText(`/proc/sysvipc/${kind}`).split("\n").slice(1).map((line) =>
      `${kind} ${line.trim().split(/\s+/, 2).join(" ")}`
    )
  );
  return [
    ...ours("/dev/shm"),
    ...messageQueues().filter((name) => name.includes("ipc-taxonomy")).map((name) => `mq ${name}`),
    ...ours("/tmp").filter((path) => path.includes("-claims-")),
    ...systemV.filter((line) => /\d/.test(line)),
  ];
}

/** What this process holds: descriptors, children. */
function own() {
  return {
    descriptors: listFolder("/proc/self/fd").length,
    children: readText(`/proc/self/task/${Deno.pid}/children`).trim(),
  };
}

/** Asserts when called that nothing is there that was not there when this was called. */
export function watchForLeftovers(): () => Promise<void> {
  const [objectsBefore, ownBefore] = [new Set(objects()), own()];
  return async () => {
    assertEquals(own(), ownBefore);
    // What a suite beside this one has made meanwhile goes away by itself.
    let left = objects().filter((name) => !objectsBefore.has(name));
    const deadline = Date.now() + 20_000;
    while (left.length > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const still = new Set(objects());
      left = left.filter((name) => still.has(name));
    }
    assertEquals(left, []);
  };
}
