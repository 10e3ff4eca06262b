/**
 * The taxonomy of interprocess communication, which is also the registry of facilities.
 *
 * Each leaf names its id and how to load it; a branch's folder has the branch's name, and a leaf's
 * file is its id with underscores. A facility more is its file and one line here.
 *
 * @module
 */
import type { Facility } from "./facility.ts";
import { facilityIn } from "./facility_module.ts";
import { BUNDLED, heldUrl } from "./programs.ts";

/** A leaf: one facility. */
export interface Leaf {
  readonly id: string;
  readonly load: () => Promise<{ facility: Facility }>;
}

/** A branch: a category of the taxonomy and what belongs to it. */
export interface Branch {
  readonly id: string;
  readonly title: string;
  readonly children: readonly (Branch | Leaf)[];
}

const leaf = (id: string, load: Leaf["load"]): Leaf => ({ id, load });

const branch = (id: string, title: string, ...children: (Branch | Leaf)[]): Branch => ({
  id,
  title,
  children,
});

export const TAXONOMY: readonly Branch[] = [
  branch(
    "communication",
    "Communication",
    branch(
      "byte-stream",
      "Byte stream",
      leaf("pipe", () => import("./communication/byte_stream/pipe.ts")),
      leaf("fifo", () => import("./communication/byte_stream/fifo.ts")),
      leaf("unix-stream", () => import("./communication/byte_stream/unix_stream.ts")),
      leaf("tcp", () => import("./communication/byte_stream/tcp.ts")),
    ),
    branch(
      "message",
      "Message",
      leaf("sysv-message-queue", () => import("./communication/message/sysv_message_queue.ts")),
      leaf("posix-message-queue", () => import("./communication/message/posix_message_queue.ts")),
      leaf("unix-datagram", () => import("./communication/message/unix_datagram.ts")),
      leaf("unix-seqpacket", () => import("./communication/message/unix_seqpacket.ts")),
      leaf("udp", () => import("./communication/message/udp.ts")),
    ),
    branch(
      "pseudoterminal",
      "Pseudoterminal",
      leaf("pseudoterminal", () => import("./communication/pseudoterminal/pseudoterminal.ts")),
    ),
    branch(
      "shared-memory",
      "Shared memory",
      leaf(
        "sysv-shared-memory",
        () => import("./communication/shared_memory/sysv_shared_memory.ts"),
      ),
      leaf(
        "posix-shared-memory",
        () => import("./communication/shared_memory/posix_shared_memory.ts"),
      ),
      leaf("anonymous-mapping", () => import("./communication/shared_memory/anonymous_mapping.ts")),
      leaf("file-mapping", () => import("./communication/shared_memory/file_mapping.ts")),
      leaf("memfd", () => import("./communication/shared_memory/memfd.ts")),
    ),
  ),
  branch(
    "signal",
    "Signal",
    leaf("standard-signal", () => import("./signal/standard_signal.ts")),
    leaf("realtime-signal", () => import("./signal/realtime_signal.ts")),
  ),
  branch(
    "synchronization",
    "Synchronization",
    leaf("sysv-semaphore", () => import("./synchronization/sysv_semaphore.ts")),
    leaf("posix-named-semaphore", () => import("./synchronization/posix_named_semaphore.ts")),
    leaf("posix-unnamed-semaphore", () => import("./synchronization/posix_unnamed_semaphore.ts")),
    leaf("fcntl-lock", () => import("./synchronization/fcntl_lock.ts")),
    leaf("ofd-lock", () => import("./synchronization/ofd_lock.ts")),
    leaf("flock", () => import("./synchronization/flock.ts")),
    leaf("mutex", () => import("./synchronization/mutex.ts")),
    leaf("condition-variable", () => import("./synchronization/condition_variable.ts")),
    leaf("eventfd", () => import("./synchronization/eventfd.ts")),
    leaf("futex", () => import("./synchronization/futex.ts")),
  ),
];

/** What is measured beside the taxonomy, to compare with it. */
export const BESIDE: readonly PlacedLeaf[] = [
  { ...leaf("shared-variable", () => import("./shared_variable.ts")), place: [] },
];

/** A leaf with the titles of the branches above it. */
export interface PlacedLeaf extends Leaf {
  /** For example `["communication", "byte-stream"]`. */
  readonly place: readonly string[];
}

/** All leaves in the tree's order. */
export const LEAVES: readonly PlacedLeaf[] = TAXONOMY.flatMap((top) => leavesOf(top, []));

function leavesOf(node: Branch | Leaf, place: readonly string[]): PlacedLeaf[] {
  if ("load" in node) return [{ ...node, place }];
  return node.children.flatMap((child) => leavesOf(child, [...place, node.id]));
}

/** The path of a leaf's file below `facilities/`. */
export function fileOf(leaf: PlacedLeaf): string {
  return [...leaf.place, leaf.id].join("/").replaceAll("-", "_") + ".ts";
}

/**
 * Loads a facility by its id, or from a module when `id` is a URL.
 *
 * @throws {RangeError} when the taxonomy has no such leaf, {TypeError} when a module exports none
 */
export async function loadFacility(id: string): Promise<Facility> {
  return id.includes(":") ? await facilityIn(id) : (await leafOf(id).load()).facility;
}

/**
 * The URL of a facility's module, for programs that load this one facility: whoever imports the
 * taxonomy has the runtime look at the files of all.
 *
 * @throws {RangeError} when the taxonomy has no such leaf
 */
export function moduleOf(id: string): string {
  if (id.includes(":")) return id;
  const leaf = leafOf(id);
  return BUNDLED ? heldUrl("facility", { id }) : import.meta.resolve(`./${fileOf(leaf)}`);
}

function leafOf(id: string): PlacedLeaf {
  const found = [...LEAVES, ...BESIDE].find((each) => each.id === id);
  if (!found) throw new RangeError(`Cannot find facility "${id}" in the taxonomy`);
  return found;
}
