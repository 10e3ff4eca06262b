/**
 * A trial, seen from inside: measures the cells of a visit one after the other, together with the
 * other participants.
 *
 * @module
 */
import type { Participants } from "../../facilities/facility.ts";
import { pin, pinOtherThreads } from "../../facilities/libc/sched.ts";
import { unshareDescriptors } from "../../facilities/libc/unistd.ts";
import { trainTouching } from "../payload.ts";
import { Member } from "./member.ts";
import { type Attached, type CellTask, setupsOf, type Visit } from "./visit.ts";

/** Measures all cells of a visit; the initiator hands each result over as it comes. */
export async function measureCells(visit: Visit, attached: Attached): Promise<void> {
  const { rank, rendezvous, workloads } = attached;
  trainTouching();
  const warm = new Set<string>();
  // A process would have one thread, were it not for the runtime. Nothing is loaded from here on.
  if (visit.participants === "process") unshareDescriptors();
  for (const cell of visit.cells) {
    if (setupsOf(cell).some((setup) => attached.links[setup] === null)) continue;
    const workload = workloads.get(cell.workload)!;
    if (rank < cell.count) {
      settleOn(cell, rank, visit.participants);
      const member = new Member(visit, cell, workload, attached);
      if (rank === 0) {
        attached.onResult?.(await member.lead(warm));
      } else await member.follow();
    }
    rendezvous.meet("all", visit.count);
  }
}

let settled: number | undefined;
let others = "";

/** Pins this thread, and moves the other threads of the process out of its way. */
function settleOn(cell: CellTask, rank: number, participants: Participants): void {
  const cpu = cell.cpus[rank];
  if (cpu === undefined) {
    if (settled !== undefined) pin(cell.otherCpus);
    settled = undefined;
    return;
  }
  if (participants === "process" && others !== cell.otherCpus.join()) {
    others = cell.otherCpus.join();
    pinOtherThreads(cell.otherCpus);
  }
  if (cpu !== settled) {
    pin([cpu]);
    settled = cpu;
  }
}
