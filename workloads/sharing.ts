/** Workloads in which several participants share one end of a channel, and whether they can. @module */
import { limit } from "../facilities/limits.ts";
import { LEAST_NS } from "./stream.ts";
import type { Candidate, Workload } from "./workload.ts";

/** Why participants cannot share one end of a channel for messages of this length, or null. */
export function shareable({ facility, length, point }: Candidate): string | null {
  if (!facility.channel!.manyPeers) return "each end of its channel belongs to one participant";
  if (point.count <= 2) return null;
  const atomic = limit.pipeBuf();
  if (facility.semantics.boundaries === "stream" && length > atomic.value) {
    return `writes of more than ${atomic.name} = ${atomic.value} bytes (${atomic.source}) of several ` +
      "writers mix, and readers get them in pieces";
  }
  return null;
}

/** What fan-in and fan-out have in common: one side of one participant, two, four and eight. */
export const SHARED_CHANNEL: Omit<Workload<"channel">, "id" | "title" | "summary" | "loop"> = {
  needs: "channel",
  figure: "rate",
  unit: "bytes/s",
  better: "higher",
  sized: true,
  secondary: true,
  sizes: [64, 4096],
  counts: [2, 3, 5, 9],
  pace: "duration",
  leastNs: () => LEAST_NS,
  obstacle: shareable,
  prepare: (channel, _role, { length }) => channel.prepare(length),
};
