import * as node from "node:assert";
import { inspect as nodeInspect } from "node:util";

/** Thrown by every assertion that does not hold. */
export class AssertionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/** One value as text, as deep and as long as a reader of a failed test can use. */
export function inspect(value: unknown): string {
  return nodeInspect(value, { depth: 6, maxArrayLength: 50, sorted: true });
}

/** Throws `what`, led by the caller's own `message` where there is one. */
export function failWith(what: string, message?: string): never {
  throw new AssertionError(message === undefined ? what : `${message}: ${what}`);
}

/** What differs between two values, line by line, in the words of `node:assert`. */
export function difference(actual: unknown, expected: unknown): string {
  const error = new node.AssertionError({ actual, expected, operator: "deepStrictEqual" });
  return `values are not equal\n${error.message}`;
}
