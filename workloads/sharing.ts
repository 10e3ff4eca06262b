/** Whether several participants can share one end of a channel. @module */
import { limit } from "../facilities/limits.ts";
import type { Candidate } from "./workload.ts";

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
