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
import type { Workload } from "../workload.ts";
import { Member } from "./member.ts";
import { Spinners, type SpinnersLink } from "./spinners.ts";
import { type Attached, type CellTask, setupsOf, type Visit } from "./visit.ts";

/** Measures all cells of a visit; the initiator hands each result over as it comes. */
export async function measureCells(visit: Visit, attached: Attached): Promise<void> {
  const { rank, rendezvous, workloads } = attached;
  trainTouching();
  using spinners = rank === 0 && visit.spinners ? new Spinners(visit.spinners) : null;
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
        spinners?.keepOnly(idling(cell, workload, visit.spinners!));
        attached.onResult?.(await member.lead(warm));
      } else await member.follow();
    }
    rendezvous.meet("all", visit.count);
  }
}

/**
 * The CPUs that would idle now and then while a cell is measured. One that all participants share has
 * always one that runs, unless they work by the clock.
 */
function idling({ cpus, count }: CellTask, { pace }: Workload, all: SpinnersLink) {
  if (cpus.length === 0) return all.cpus; // not pinned
  const own = [...new Set(cpus.slice(0, count))];
  return own.length > 1 || pace === "schedule" ? own : [];
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
