/**
 * What a participant answers that could not do what it was ordered to.
 *
 * @module
 */
import type { Verb } from "./verbs/mod.ts";

/** An order that could not be carried out: `code` is the errno's name where the kernel refused. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: string;
  /** The C function that failed, where the kernel refused. */
  readonly call?: string;
  /** What was to be done. */
  readonly verb?: Verb;
  /** What ended the participant, where it has ended by a signal. */
  readonly signal?: Deno.Signal;

  constructor(
    message: string,
    code: string,
    { call, verb, signal }: Pick<Refusal, "call" | "verb" | "signal"> = {},
  ) {
    super(message);
    this.code = code;
    this.call = call;
    this.verb = verb;
    this.signal = signal;
  }
}

/** The code of a refusal by a participant that is no longer there. */
export const ENDED = "ended";
