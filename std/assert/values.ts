import { AssertionError, difference, failWith, inspect } from "./assertion_error.ts";
import { equal } from "./equal.ts";

/** A class, abstract or not, whose instances are `T`. */
export type Class<T> = abstract new (...args: never[]) => T;

/** Asserts that `condition` is truthy. */
export function assert(condition: unknown, message = ""): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Asserts that `condition` is falsy. */
export function assertFalse(condition: unknown, message = ""): void {
  if (condition) throw new AssertionError(message);
}

/** Asserts that two values are structurally equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  if (!equal(actual, expected)) failWith(difference(actual, expected), message);
}

/** Asserts that two values differ structurally. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  if (equal(actual, expected)) failWith(`expected a value other than ${inspect(actual)}`, message);
}

/** Asserts that two values are the same in the sense of `Object.is`. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  message?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const found = equal(actual, expected)
    ? `values are equal, but not the same: ${inspect(actual)}`
    : difference(actual, expected);
  failWith(found, message);
}

/** Asserts that two values are not the same in the sense of `Object.is`. */
export function assertNotStrictEquals<T>(actual: T, expected: T, message?: string): void {
  if (Object.is(actual, expected)) failWith(`expected not to be ${inspect(actual)}`, message);
}

/**
 * Asserts that two numbers lie at most `tolerance` apart.
 *
 * @default tolerance 1e-7 of the expected value
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  message?: string,
): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ?? (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  const delta = Math.abs(expected - actual);
  if (delta <= allowed) return;
  failWith(
    `expected ${actual} to be within ${allowed} of ${expected}, is off by ${delta}`,
    message,
  );
}

/** Asserts that a value is neither null nor undefined. */
export function assertExists<T>(
  actual: T,
  message?: string,
): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) {
    failWith(`expected a value, got ${actual}`, message);
  }
}

/** Asserts that `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, message?: string): void {
  if (!(actual > expected)) failWith(`expected ${inspect(actual)} > ${inspect(expected)}`, message);
}

/** Asserts that `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, message?: string): void {
  if (actual >= expected) return;
  failWith(`expected ${inspect(actual)} >= ${inspect(expected)}`, message);
}

/** Asserts that `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, message?: string): void {
  if (!(actual < expected)) failWith(`expected ${inspect(actual)} < ${inspect(expected)}`, message);
}

/** Asserts that `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, message?: string): void {
  if (actual <= expected) return;
  failWith(`expected ${inspect(actual)} <= ${inspect(expected)}`, message);
}

/** Asserts that a string matches a pattern. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  if (actual.search(expected) >= 0) return;
  failWith(`expected ${inspect(actual)} to match ${expected}`, message);
}

/** Asserts that a string does not match a pattern. */
export function assertNotMatch(actual: string, expected: RegExp, message?: string): void {
  if (actual.search(expected) < 0) return;
  failWith(`expected ${inspect(actual)} not to match ${expected}`, message);
}

/** Asserts that a string contains another. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  if (actual.includes(expected)) return;
  failWith(`expected ${inspect(actual)} to contain ${inspect(expected)}`, message);
}

/** Asserts that each expected member has a structural equal among the actual ones. */
export function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  message?: string,
): void {
  const members = Array.from(actual);
  const missing = Array.from(expected).filter((wanted) =>
    !members.some((one) => equal(one, wanted))
  );
  if (missing.length === 0) return;
  failWith(`expected ${inspect(actual)} to include ${inspect(missing)}`, message);
}

/** Asserts that a value is an instance of a class. */
export function assertInstanceOf<T>(
  actual: unknown,
  expected: Class<T>,
  message?: string,
): asserts actual is T {
  if (actual instanceof expected) return;
  failWith(`expected an instance of ${expected.name}, got ${inspect(actual)}`, message);
}

/** Asserts that every key of `expected` is in `actual` with an equal value, nested objects alike. */
export function assertObjectMatch(
  actual: object,
  expected: Record<PropertyKey, unknown>,
  message?: string,
): void {
  const seen = new Map<object, unknown>();
  const common = restrict(actual, expected, seen);
  if (!equal(common, expected)) failWith(difference(common, expected), message);
}

/** `actual` without what `expected` does not mention; arrays keep their length. */
function restrict(actual: unknown, expected: unknown, seen: Map<object, unknown>): unknown {
  if (!isPlain(actual) || !isPlain(expected)) return actual;
  const known = seen.get(expected);
  if (known !== undefined) return known;
  const result: Record<PropertyKey, unknown> = Object.create(Object.getPrototypeOf(expected));
  seen.set(expected, result);
  for (const key of Reflect.ownKeys(expected)) {
    if (!(key in actual)) continue;
    const [mine, wanted] = [actual[key], expected[key]];
    result[key] = Array.isArray(mine) && Array.isArray(wanted)
      ? mine.map((member, index) => restrict(member, wanted[index], seen))
      : restrict(mine, wanted, seen);
  }
  return result;
}

function isPlain(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(Symbol.iterator in value) && !(value instanceof Date) && !(value instanceof RegExp);
}

/** Fails. */
export function fail(message?: string): never {
  throw new AssertionError(`Failed assertion${message ? `: ${message}` : "."}`);
}

/** Marks a place that is never reached. */
export function unreachable(reason?: string): never {
  throw new AssertionError(reason ?? "Unreachable.");
}
