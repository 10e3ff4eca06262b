/** A mailbox in shared memory, one slot each way, whose reader and writer spin on its state. */
import { createSharedPage, type Facility, mapSharedPage, type Role } from "../mod.ts";

const EMPTY = 0;
const FULL = 1;
const HEADER = 128;

/** Byte offset of the slot that a role writes to, or reads from. */
function slot(role: Role, writes: boolean, slotBytes: number): number {
  const forth = role === "solo" || (role === "initiator") === writes;
  return forth ? 0 : slotBytes;
}

export const facility: Facility = {
  id: "my-ring",
  title: "My mailbox",
  summary: "One slot of shared memory each way; both sides spin.",
  origin: { family: "Linux", source: "examples/my_ring.ts" },
  semantics: {
    boundaries: "message",
    identifier: "none",
    handle: "descriptor",
    accessibility: "related-processes",
    persistence: "process",
    pollable: false,
    order: "sending",
    destructiveReads: true,
    emptyBlocks: true,
    whenFull: "blocks",
    peek: true,
  },
  variants: [{ id: "spin", summary: "Both sides look until it changes.", spins: true }],
  limits: () => [],
  channel: {
    create({ maxBytes }) {
      const slotBytes = HEADER + Math.ceil(maxBytes / 64) * 64;
      const page = createSharedPage(2 * slotBytes);
      return {
        link: { fd: page.fd, slotBytes },
        [Symbol.dispose]: () => page[Symbol.dispose](),
      };
    },
    attach({ fd, slotBytes }, role) {
      const memory = mapSharedPage(fd, 2 * slotBytes);
      const [to, from] = [slot(role, true, slotBytes), slot(role, false, slotBytes)];
      const { words } = memory;
      const out = memory.slice(to + HEADER, slotBytes - HEADER);
      const received = memory.slice(from + HEADER, slotBytes - HEADER);
      let holding = false;
      const release = () => {
        if (holding) Atomics.store(words, from >> 2, EMPTY);
        holding = false;
      };
      return {
        prepare: release,
        outgoing() {
          while (Atomics.load(words, to >> 2) !== EMPTY);
          return out;
        },
        send() {
          Atomics.store(words, to >> 2, FULL);
        },
        receive() {
          release();
          while (Atomics.load(words, from >> 2) !== FULL);
          holding = true;
          return received;
        },
        [Symbol.dispose]: () => memory[Symbol.dispose](),
      };
    },
  },
};
