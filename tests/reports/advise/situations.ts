/**
 * Situations that people ask about, each with the facilities that will do, by what they are. The sets
 * are written down from the manual pages, not made from what the facilities declare.
 */
import type { Basis } from "../../../reports/advise/answer.ts";
import type { Need, PatternId } from "../../../reports/advise/requirements.ts";

/** The kernel's usual limits, so that the sets are the same on every machine. */
export const USUAL = Object.fromEntries(
  ([
    ["fs.mqueue.msgsize_max", 8_192],
    ["kernel.msgmax", 8_192],
    ["UNIX-domain message", 212_960],
  ] as const).map(([name, value]) => [name, { name, value, source: "usual" }]),
);

/** No run at all. */
export const NOTHING: Basis = { rows: [], obstacles: [], verdicts: [] };

export interface Situation {
  readonly pattern: PatternId;
  readonly sizeBytes?: number;
  readonly needs: readonly Need[];
  readonly admissible: readonly string[];
}

const KiB = 1024;

const SOCKETS = ["unix-stream", "tcp"];
const STREAMS = ["pipe", "fifo", ...SOCKETS];
const QUEUES = ["sysv-message-queue", "posix-message-queue"];
const UNIX_MESSAGES = ["unix-datagram", "unix-seqpacket"];
const MESSAGES = [...QUEUES, ...UNIX_MESSAGES, "udp"];
const NAMED_MEMORY = ["sysv-shared-memory", "posix-shared-memory", "file-mapping"];
const MEMORY = [...NAMED_MEMORY, "anonymous-mapping", "memfd"];
const IN_MEMORY = ["posix-unnamed-semaphore", "futex"];
const SEMAPHORES = ["sysv-semaphore", "posix-named-semaphore"];
const CHANNELS = [...STREAMS, "pseudoterminal", ...MESSAGES, ...MEMORY];

const row = (
  pattern: PatternId,
  sizeBytes: number | undefined,
  needs: Need[],
  admissible: string[],
): Situation => ({ pattern, sizeBytes, needs, admissible });

export const SITUATIONS: readonly Situation[] = [
  row("request-reply", 64, [], CHANNELS),
  row("request-reply", 4, [], [...CHANNELS, "realtime-signal"]),
  row("request-reply", 64 * KiB, [], [...STREAMS, "pseudoterminal", ...UNIX_MESSAGES, ...MEMORY]),
  row("request-reply", 1024 * KiB, [], [...STREAMS, "pseudoterminal", ...MEMORY]),
  row("request-reply", 64, ["unrelated"], [
    ...["fifo", ...SOCKETS, "pseudoterminal"],
    ...MESSAGES,
    ...NAMED_MEMORY,
  ]),
  row("request-reply", 64, ["boundaries"], MESSAGES),
  row("request-reply", 64, ["priorities"], QUEUES),
  row("request-reply", 4, ["priorities"], [...QUEUES, "realtime-signal"]),
  row("request-reply", 64, ["pollable"], [
    ...STREAMS,
    ...["pseudoterminal", "posix-message-queue", ...UNIX_MESSAGES, "udp"],
  ]),
  row("request-reply", 64, ["survives-exit"], [...QUEUES, ...NAMED_MEMORY]),
  row("request-reply", 64, ["other-users"], [
    ...["fifo", ...SOCKETS, "pseudoterminal"],
    ...MESSAGES,
    ...NAMED_MEMORY,
  ]),
  row("request-reply", 64, ["network-later"], ["tcp", "udp"]),
  row("request-reply", 64, ["threads"], [...CHANNELS, "shared-variable"]),
  row("request-reply", 64, ["unrelated", "boundaries", "pollable"], [
    ...["posix-message-queue", ...UNIX_MESSAGES, "udp"],
  ]),
  row("request-reply", 64, ["boundaries", "survives-exit"], QUEUES),
  row("request-reply", 16 * KiB, ["boundaries", "survives-exit"], []),
  row("request-reply", 64, ["boundaries", "network-later"], ["udp"]),
  row("request-reply", 64, ["priorities", "pollable"], ["posix-message-queue"]),
  row("stream", 4 * KiB, [], CHANNELS),
  row("stream", 1024 * KiB, ["network-later"], ["tcp"]),
  row("stream", 64 * KiB, ["unrelated", "pollable"], [
    ...["fifo", ...SOCKETS, "pseudoterminal", ...UNIX_MESSAGES],
  ]),
  row("fan-in", 64, [], [...STREAMS, ...MESSAGES]),
  row("fan-in", 8 * KiB, [], [...SOCKETS, ...MESSAGES]),
  row("fan-in", 4, ["unrelated"], ["fifo", ...SOCKETS, ...MESSAGES, "realtime-signal"]),
  row("work-queue", 64, [], ["pipe", "fifo", ...MESSAGES]),
  row("work-queue", 64, ["unrelated", "survives-exit"], QUEUES),
  row("broadcast", 64, [], ["udp", ...MEMORY]),
  row("broadcast", 64, ["pollable"], ["udp"]),
  row("broadcast", 64 * KiB, ["survives-exit"], NAMED_MEMORY),
  row("wake-up", undefined, [], [
    ...["pipe", "fifo", "standard-signal", "realtime-signal", "condition-variable", "eventfd"],
    ...[...SEMAPHORES, ...IN_MEMORY],
  ]),
  row("wake-up", undefined, ["pollable"], ["pipe", "fifo", "eventfd"]),
  row("wake-up", undefined, ["priorities"], ["realtime-signal"]),
  row("wake-up", undefined, ["unrelated", "other-users"], [
    ...["fifo", ...SEMAPHORES, ...IN_MEMORY, "condition-variable"],
  ]),
  row("mutual-exclusion", undefined, [], [
    ...["fcntl-lock", "ofd-lock", "flock", "mutex", ...SEMAPHORES, ...IN_MEMORY],
  ]),
  row("mutual-exclusion", undefined, ["threads"], [
    ...["ofd-lock", "flock", "mutex", ...SEMAPHORES, ...IN_MEMORY, "shared-variable"],
  ]),
  row("mutual-exclusion", undefined, ["survives-exit"], ["mutex", ...SEMAPHORES, ...IN_MEMORY]),
  row("mutual-exclusion", undefined, ["pollable"], []),
];
