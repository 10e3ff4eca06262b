/**
 * Errors that reach the user as one line, each with the exit code of its meaning.
 *
 * @module
 */
import { oneLine, shortened } from "./foreign_text.ts";

/** Longest message, in UTF-16 units: it may name a path, of 4,096 bytes at most. */
const LONGEST_MESSAGE = 6_000;

/** An error whose message is meant for the user: one line that says what was given and what would do. */
export abstract class UserError extends Error {
  /** The exit code of a command that ends with it. */
  abstract readonly exitCode: number;

  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(shortened(message, LONGEST_MESSAGE)), options);
    this.name = new.target.name;
  }
}

/** Bad arguments, or input that cannot be read. */
export class InputError extends UserError {
  readonly exitCode = 2;
}

/** What was given may not be compared, or nothing could be judged. */
export class NotComparableError extends UserError {
  readonly exitCode = 3;
}

/** The suite itself failed. */
export class SuiteError extends UserError {
  readonly exitCode = 4;
}

/**
 * Takes every step, even if one before it failed: what has cost much to find out is kept wherever
 * that is possible.
 *
 * @throws {SuiteError} what went wrong in all of them
 */
export async function attemptAll(steps: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) {
    const messages = failures.map((each) => each instanceof Error ? each.message : String(each));
    throw new SuiteError([...new Set(messages)].join("; "));
  }
}

/** What the system says, without its call's name and address. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "there is no such file";
  if (cause instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (cause instanceof Deno.errors.NotCapable) return "this task has no permission for that path";
  if (cause instanceof Deno.errors.IsADirectory) return "it is a folder";
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replace(/: \w+ '.*'$/s, "");
}

/** Longest piece of what somebody's code says that is repeated. */
const QUOTED = 200;

/** The first line of what was thrown, without colours and controls; somebody's code may throw anything at all. */
export function saidBy(thrown: unknown): string {
  try {
    const said = String(thrown instanceof Error ? thrown.message : thrown);
    // deno-lint-ignore no-control-regex
    const [line = ""] = said.replace(/\x1b\[[0-9;]*m/g, "").split("\n");
    return oneLine(shortened(line, QUOTED)) || "it says nothing";
  } catch {
    return "what was thrown cannot be shown";
  }
}
