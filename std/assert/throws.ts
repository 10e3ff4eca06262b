import { failWith, inspect } from "./assertion_error.ts";
import type { Class } from "./values.ts";

/** Asserts that a call throws; returns what was thrown. */
export function assertThrows(fn: () => unknown, message?: string): unknown;
/** Asserts that a call throws an instance of a class whose message contains a text; returns it. */
export function assertThrows<E extends Error>(
  fn: () => unknown,
  errorClass: Class<E>,
  includes?: string,
  message?: string,
): E;
export function assertThrows(fn: () => unknown, ...rest: unknown[]): unknown {
  const expected = expectation(rest);
  try {
    fn();
  } catch (error) {
    return examine(error, expected);
  }
  failWith("expected the function to throw", expected.message);
}

/** Asserts that a promise is rejected; resolves to the reason. */
export function assertRejects(fn: () => PromiseLike<unknown>, message?: string): Promise<unknown>;
/** Asserts that a promise is rejected with an instance of a class whose message contains a text. */
export function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: Class<E>,
  includes?: string,
  message?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  ...rest: unknown[]
): Promise<unknown> {
  const expected = expectation(rest);
  const promise = promised(fn, expected);
  try {
    await promise;
  } catch (error) {
    return examine(error, expected);
  }
  failWith("expected the promise to be rejected", expected.message);
}

/** Asserts that a value is an Error, of a class and with a text in its message where given. */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  errorClass?: Class<E>,
  includes?: string | RegExp,
  message?: string,
): asserts error is E {
  examine(error, { errorClass: errorClass ?? Error, includes, message });
}

interface Expectation {
  errorClass?: Class<Error>;
  includes?: string | RegExp;
  message?: string;
}

function expectation([first, includes, message]: unknown[]): Expectation {
  if (typeof first !== "function") return { message: first as string | undefined };
  return {
    errorClass: first as unknown as Class<Error>,
    includes: includes as string | undefined,
    message: message as string | undefined,
  };
}

function promised(fn: () => PromiseLike<unknown>, { message }: Expectation): PromiseLike<unknown> {
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (error) {
    failWith(`expected a rejected promise, but the function threw ${inspect(error)}`, message);
  }
  if (typeof promise?.then !== "function") {
    failWith(`expected a promise, got ${inspect(promise)}`, message);
  }
  return promise;
}

function examine(error: unknown, { errorClass, includes, message }: Expectation): unknown {
  if (!errorClass) return error;
  if (!(error instanceof errorClass)) {
    failWith(`expected an error of class ${errorClass.name}, got ${inspect(error)}`, message);
  }
  const found = typeof includes === "string"
    ? error.message.includes(includes)
    : includes === undefined || includes.test(error.message);
  if (!found) {
    failWith(`expected an error message with ${includes}, got ${inspect(error.message)}`, message);
  }
  return error;
}
