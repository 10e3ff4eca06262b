/**
 * What a visit is: which cells a fresh set of participants measures of one facility, each once, in
 * the order given, and what it says of each. Plain data, for the coordinator and the participants.
 *
 * @module
 */
import type { Capability, Link, Participants, Role } from "../../facilities/facility.ts";
import type { Usage } from "../../facilities/libc/sys_resource.ts";
import type { Parameters, Work, Workload, Works } from "../workload.ts";
import type { Rendezvous } from "./rendezvous.ts";
import type { SpinnersLink } from "./spinners.ts";

/** One set of kernel objects of the facility; several cells may use it. */
export interface Setup {
  readonly capability: Capability;
  readonly variant?: string;
  readonly wait?: string;
  /** Largest message of its cells. */
  readonly maxBytes: number;
  /** Capacity to ask for, where that is one of the facility's settings. */
  readonly capacityBytes?: number;
  /** How many participants attach. */
  readonly count: number;
  /** The NUMA node that the memory is to be on. */
  readonly memoryNode?: number;
  /** Which participants attach, where it is not the first `count`. */
  readonly ranks?: readonly number[];
  /** Nothing is created: the workload gets the offer itself. */
  readonly offered?: boolean;
}

/** One cell of a visit. */
export interface CellTask {
  /** The cell's id in the run document. */
  readonly id: string;
  /** Index of its setup; -1 for a control row. */
  readonly setup: number;
  /** The setup of each participant, where they are several. */
  readonly setups?: readonly number[];
  readonly workload: string;
  readonly length: number;
  readonly count: number;
  readonly parameters?: Parameters;
  /** CPU of each participant; empty: not pinned. */
  readonly cpus: readonly number[];
  /** CPUs for everything in the participants' processes that is not the measured thread. */
  readonly otherCpus: readonly number[];
  /** Time to measure for, nanoseconds. */
  readonly targetNs: number;
}

/** What every participant of a visit must know. Plain JSON. */
export interface Visit {
  /** The facility's id, or the URL of a module; null for control rows. */
  readonly facility: string | null;
  readonly participants: Participants;
  /** How many participants there are at most in a cell. */
  readonly count: number;
  readonly setups: readonly Setup[];
  readonly cells: readonly CellTask[];
  /** The folder that the trial's scope makes. */
  readonly folder: string;
  /** Second of CLOCK_MONOTONIC from which all count. */
  readonly baseSecond: number;
  /** The spinners that keep CPUs awake, where some do. */
  readonly spinners?: SpinnersLink;
  /** Whether each result is given away at once, and the next cell waits until it has been taken. */
  readonly stepwise?: boolean;
  /** Whether each participant tells by how much its heap grew while it was timed. */
  readonly watchesHeap?: boolean;
}

/** What one participant works with. */
export interface Attached {
  readonly rank: number;
  readonly rendezvous: Rendezvous;
  /** One for each setup; null where it could not be created, or is not this participant's. */
  readonly capabilities: readonly (Works[Work] | null)[];
  /** The workloads of the cells by id. */
  readonly workloads: ReadonlyMap<string, Workload>;
  /** The links of the setups; null where one could not be created. */
  readonly links: readonly (Link | null)[];
  /** Called by the initiator with each result, before the next cell. */
  readonly onResult?: (result: CellResult) => void;
}

/** What a trial says of one cell. */
export type CellResult =
  & { readonly id: string }
  & (
    | {
      readonly status: "measured";
      /** In the workload's unit. */
      readonly estimate: number;
      readonly operations: number;
      /** When the timed operations began, nanoseconds of the trial's clock. */
      readonly startNs: number;
      readonly seconds: number;
      readonly cpus: readonly number[];
      readonly batch: number;
      readonly controls: {
        clockNs: [number, number];
        syscallNs: [number, number];
        spinNs?: [number, number];
      };
      readonly used: Usage;
      /** Whether all ran compiled code from the first timed operation to the last. */
      readonly compiled: boolean;
      readonly lost: number;
      /** Operations of each participant, where all of them count. */
      readonly shares: readonly number[];
      /** Nanoseconds an operation, one for each batch: a base64 Float32Array. */
      readonly samples: string;
      /** The same from when each operation was begun, where `samples` count from when it should. */
      readonly uncorrected?: string;
      readonly offeredPerSecond?: number;
      readonly achievedPerSecond?: number;
      readonly declared?: number;
      /** Bytes by which the heap of each participant grew, where the visit watches it. */
      readonly heapGrowth?: readonly number[];
    }
    | { readonly status: "failed"; readonly reason: string }
    | { readonly status: "not-applicable"; readonly reason: string }
  );

/** Which end of the link a rank takes. */
export function roleOf(rank: number, count: number): Role {
  if (count === 1) return "solo";
  return rank === 0 ? "initiator" : "peer";
}

/** The setups that a cell needs. */
export function setupsOf({ setup, setups }: CellTask): readonly number[] {
  return setups ?? [setup];
}

/** The folder of the journal of a setup that is offered: beside that of the trial's. */
export function offeredFolder(folder: string, setup: number): string {
  return `${folder}-${setup}`;
}
