/**
 * What a claim is: a statement of the taxonomy, and the experiment that proves it of a facility.
 *
 * @module
 */
import type { Facility, Participants } from "../../facilities/facility.ts";
import type { Context } from "./context.ts";

/** One statement of the taxonomy. */
export interface Claim {
  /** Lower case, words joined by hyphens. */
  readonly id: string;
  readonly statement: string;
  /** The section of the taxonomy that it rests on, for example `43.2`. */
  readonly section: string;
  /** What an experiment must show, in a few words. */
  readonly experimentTitle: string;
  /** Who takes part. @default "process" */
  readonly participants?: Participants;
  /** What the facility declares of the property that the statement is about: `posix-name`, `blocks`. */
  value?(facility: Facility): string;
  /** Why the statement says nothing about the facility, by its declared semantics; null: it does. */
  inapplicable(facility: Facility): string | null;
  /** Rejects where what should have happened did not; that is a failure of the claim. */
  experiment(facility: Facility, context: Context): Promise<Finding>;
}

/** What an experiment found. */
export interface Finding {
  readonly verdict: "holds" | "fails" | "not-applicable";
  readonly expected: string;
  readonly observed: string;
  readonly reason?: string;
}

type Plain = string | number | boolean | null | readonly Plain[];

/** Collects what was expected and what was seen instead or indeed, step by step. */
export class Evidence {
  readonly #steps: { what: string; expected: string; observed: string }[] = [];
  readonly #notes: string[] = [];

  /** A step of the experiment: holds where both are alike. */
  expect(what: string, expected: Plain, observed: Plain): this {
    this.#steps.push({ what, expected: show(expected), observed: show(observed) });
    return this;
  }

  /** What else was seen. */
  note(text: string): this {
    this.#notes.push(text);
    return this;
  }

  finding(): Finding {
    const line = (side: "expected" | "observed") =>
      this.#steps.map((step) => `${step.what}: ${step[side]}`).join("; ");
    const holds = this.#steps.length > 0 &&
      this.#steps.every(({ expected, observed }) => expected === observed);
    return {
      verdict: holds ? "holds" : "fails",
      expected: line("expected"),
      observed: line("observed"),
      ...(this.#notes.length > 0 && { reason: this.#notes.join("; ") }),
    };
  }
}

/** The experiment cannot be made here, for the given reason. */
export function cannotTry(expected: string, reason: string): Finding {
  return { verdict: "not-applicable", expected, observed: "not tried", reason };
}

function show(value: Plain): string {
  if (Array.isArray(value)) return value.map((each) => show(each)).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The promise's value as text, or the name of the error that it ended with. */
export async function outcome(promise: Promise<Plain | void>): Promise<string> {
  try {
    return show((await promise) ?? "success");
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).name;
  }
}
