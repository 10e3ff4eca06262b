/**
 * What an experiment works with: participants, kernel objects and ends of them.
 *
 * @module
 */
import type { Capability, Facility, Handles, Link, Role } from "../../facilities/facility.ts";
import { removeScope } from "../../facilities/scope.ts";
import type { Participant, ProcessParticipant } from "./crew.ts";
import type { CannotTry } from "./obstacle.ts";

/** What was created for an experiment, and who did. */
export interface Made {
  readonly capability: Capability;
  readonly link: Link;
  /** Numbers that a child of the owner would inherit. */
  readonly descriptors: readonly number[];
  readonly owner: ProcessParticipant;
  /** The lowest number they may have. */
  readonly floor: number;
  /** The folder of its scope. */
  readonly folder: string;
}

export interface Options {
  readonly maxBytes?: number;
  readonly variant?: string;
  readonly count?: number;
  readonly participants?: "process" | "thread";
}

/** Hands out participants, as few as are needed. */
export interface Crew {
  /**
   * @param joins called with the participant as soon as there is one, ready or not
   * @throws {CannotTry} none can be started
   */
  take(joins: (participant: ProcessParticipant) => void): Promise<ProcessParticipant>;
}

/** Numbers above those that a participant opens for itself. */
const FIRST_FLOOR = 100;
const FLOORS_APART = 20;

/** One experiment's own context; the runner disposes of it. */
export class Context {
  readonly facility: Facility;
  /** Its id, or the URL of its module. */
  readonly reference: string;
  /** Everyone who takes part, in the order of joining. */
  readonly participants: ProcessParticipant[] = [];
  readonly #crew: Crew;
  readonly #folder: string;
  readonly #folders: string[] = [];
  #floor = FIRST_FLOOR;
  #over: CannotTry | null = null;

  constructor(facility: Facility, reference: string, crew: Crew, folder: string) {
    this.facility = facility;
    this.reference = reference;
    this.#crew = crew;
    this.#folder = folder;
  }

  /** One more participant. @throws {CannotTry} none can be started, or the experiment is over */
  async participant(): Promise<ProcessParticipant> {
    if (this.#over) throw this.#over;
    return await this.#crew.take((participant) => {
      this.participants.push(participant);
    });
  }

  /**
   * Ends the experiment: whoever takes part ends, and nobody joins any more. So each order ends too,
   * and with it whatever waits for one.
   */
  end(why: CannotTry): void {
    this.#over ??= why;
    for (const participant of this.participants) participant.end();
  }

  /** The participant creates kernel objects of the facility. */
  async create(
    owner: ProcessParticipant,
    capability: Capability,
    options: Options = {},
    facility = this.reference,
  ): Promise<Made> {
    const floor = this.#floor;
    this.#floor += FLOORS_APART;
    const folder = `${this.#folder}-${floor}`;
    this.#folders.push(folder);
    const { link, descriptors } = await owner.order("create", {
      facility,
      capability,
      variant: options.variant,
      maxBytes: this.#bytes(options),
      participants: options.participants ?? "process",
      count: options.count ?? 2,
      folder,
      floor,
    });
    return { capability, link, descriptors, owner, floor, folder };
  }

  /** Gives the participant the descriptors that a child of the owner would have inherited. */
  async inherit(object: Made, participant: ProcessParticipant): Promise<void> {
    if (participant === object.owner || object.descriptors.length === 0) return;
    await this.handOver(object.owner, participant, object.descriptors);
  }

  /** Gives copies of the descriptors to another participant, under the same numbers or others. */
  async handOver(
    from: ProcessParticipant,
    to: ProcessParticipant,
    descriptors: readonly number[],
    numbers: readonly number[] = descriptors,
  ): Promise<void> {
    await from.order("handOver", to.mailbox, [...descriptors]);
    await to.order("takeOver", [...numbers]);
  }

  /** The participant takes one end of it. */
  attach(
    object: Made,
    participant: Participant,
    role: Role,
    facility = this.reference,
  ): Promise<Handles | null> {
    return participant.order("attach", facility, object.capability, object.link, role);
  }

  /** The initiator and a peer, each attached to its end of something new. */
  async pair(capability: Capability, options: Options = {}): Promise<Pair> {
    const [initiator, peer] = await Promise.all([this.participant(), this.participant()]);
    const object = await this.create(initiator, capability, options);
    await this.inherit(object, peer);
    const [initiatorHandles, peerHandles] = await Promise.all([
      this.attach(object, initiator, "initiator"),
      this.attach(object, peer, "peer"),
    ]);
    if (capability === "channel") {
      const length = this.#bytes(options);
      await Promise.all([initiator, peer].map((each) => each.order("prepare", length)));
    }
    return { object, initiator, peer, initiatorHandles, peerHandles };
  }

  /** 64 bytes where nothing else is wanted, or as many as the facility carries. */
  #bytes({ maxBytes, variant }: Options): number {
    return maxBytes ?? Math.min(64, this.facility.channel?.largestMessage?.(variant)?.value ?? 64);
  }

  /** The folders that stand between others and the objects in them. */
  foldersOf({ folder }: Made): string[] {
    return [folder.slice(0, folder.lastIndexOf("/")), folder];
  }

  /** Removes whatever the experiment left in the kernel. */
  cleanUp(): void {
    this.#folders.forEach(removeScope);
  }
}

/** Two participants, each attached to its end. */
export interface Pair {
  readonly object: Made;
  readonly initiator: ProcessParticipant;
  readonly peer: ProcessParticipant;
  readonly initiatorHandles: Handles | null;
  readonly peerHandles: Handles | null;
}
