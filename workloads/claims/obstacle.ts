/**
 * What keeps an experiment from being made. It says something of this machine, its limits or its
 * load, and nothing of the statement.
 *
 * @module
 */
import { SystemCallError } from "../../facilities/libc/errno.ts";
import { isObstacle, remedyFor } from "../../facilities/obstacles.ts";
import { ENDED, Refusal } from "./refusal.ts";
import type { Verb } from "./verbs/mod.ts";

/** Why an experiment could not be made. */
export interface Obstacle {
  /** What happened, with errno's name where the kernel refused: `mq_open failed: ENOSYS`. */
  readonly what: string;
  /** What would help, as a clause; null where nothing is known. */
  readonly remedy: string | null;
}

/** An experiment that could not be made, thrown by whoever finds that out. */
export class CannotTry extends Error implements Obstacle {
  override readonly name = "CannotTry";
  readonly what: string;
  readonly remedy: string | null;

  constructor(what: string, remedy: string | null) {
    super(what);
    this.what = what;
    this.remedy = remedy;
  }
}

/** What only prepares an experiment: a statement is about objects that are there. */
const PREPARING: ReadonlySet<Verb> = new Set<Verb>([
  "becomeUser",
  "changeMode",
  "create",
  "handOver",
  "identity",
  "loadOnly",
  "openMailbox",
  "takeOver",
]);

/** The obstacle that an error tells of; null where it tells how a facility behaves. */
export function obstacleIn(error: unknown): Obstacle | null {
  if (error instanceof CannotTry) return error;
  // The coordinator only watches.
  if (error instanceof SystemCallError) {
    return { what: withoutNames(error.message), remedy: remedyFor(error) };
  }
  if (!(error instanceof Refusal)) return null;
  const { code, call, verb, message } = error;
  const what = withoutNames(message);
  if (code === ENDED) return { what, remedy: REMEDY_OF_END };
  const prepares = verb !== undefined && PREPARING.has(verb);
  return prepares || isObstacle({ code, call })
    ? { what, remedy: remedyFor({ code, call }) }
    : null;
}

/** What was chosen for this experiment alone says nothing, and would hide what is alike. */
function withoutNames(message: string): string {
  return message
    .replace(/(?<=\/ipc-taxonomy-)\S*/g, "…")
    .replace(/(?<=\bkey )-?\d+/, "…")
    .replace(/^participant \d+/, "a participant");
}

const REMEDY_OF_END = "see the kernel log for who ended it (dmesg): memory may have run out";
