import { isDeepStrictEqual } from "node:util";

/**
 * Whether two values are structurally equal.
 *
 * Numbers as in `===`, but NaN equals NaN; a null prototype counts as a plain object; a key that holds `undefined`
 * differs from a missing key; cyclic values are followed once.
 */
export function equal(actual: unknown, expected: unknown): boolean {
  return compare(actual, expected, new Map());
}

type Seen = Map<object, object>;
type Keyed = Record<PropertyKey, unknown>;

function compare(a: unknown, b: unknown, seen: Seen): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || !sameKind(a, b)) return false;
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  const same = sameContent(a, b, seen);
  if (!same) seen.delete(a);
  return same;
}

function sameContent(a: object, b: object, seen: Seen): boolean {
  if (isOpaque(a)) return isDeepStrictEqual(a, b);
  if (isTypedArray(a) && isTypedArray(b)) return sameNumbers(a, b);
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (a instanceof URL && b instanceof URL) return a.href === b.href;
  if (a instanceof Error && b instanceof Error && !sameError(a, b, seen)) return false;
  if (a instanceof Set && b instanceof Set) return sameSet(a, b, seen);
  if (a instanceof Map && b instanceof Map) return sameMap(a, b, seen);
  return sameKeys(a as Keyed, b as Keyed, seen);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function sameKind(a: object, b: object): boolean {
  const kind = (value: object) => Object.getPrototypeOf(value) ?? Object.prototype;
  return kind(a) === kind(b) && Array.isArray(a) === Array.isArray(b);
}

/** Values whose content no key shows. */
function isOpaque(value: object): boolean {
  return value instanceof RegExp || value instanceof ArrayBuffer || value instanceof DataView ||
    value instanceof SharedArrayBuffer || value instanceof String || value instanceof Number ||
    value instanceof Boolean || value instanceof WeakMap || value instanceof WeakSet;
}

type TypedArray = ArrayBufferView & ArrayLike<number | bigint>;

function isTypedArray(value: object): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function sameNumbers(a: TypedArray, b: TypedArray): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    if (a[index] !== b[index] && !Object.is(a[index], b[index])) return false;
  }
  return true;
}

function sameError(a: Error, b: Error, seen: Seen): boolean {
  return a.name === b.name && a.message === b.message && compare(a.cause, b.cause, seen);
}

function sameKeys(a: Keyed, b: Keyed, seen: Seen): boolean {
  const keys = enumerableKeys(a);
  if (keys.length !== enumerableKeys(b).length) return false;
  if (Array.isArray(a) && a.length !== b.length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && compare(a[key], b[key], seen));
}

function enumerableKeys(value: object): PropertyKey[] {
  return Reflect.ownKeys(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key)
  );
}

function sameSet(a: Set<unknown>, b: Set<unknown>, seen: Seen): boolean {
  if (a.size !== b.size) return false;
  const left = new Set(b);
  return [...a].every((value) => take(left, left, value, (other) => compare(value, other, seen)));
}

function sameMap(a: Map<unknown, unknown>, b: Map<unknown, unknown>, seen: Seen): boolean {
  if (a.size !== b.size) return false;
  const left = new Map(b);
  return [...a].every(([key, value]) =>
    take(
      left,
      left.keys(),
      key,
      (other) => compare(key, other, seen) && compare(value, b.get(other), seen),
    )
  );
}

/** Removes from `left` the first member that `matches`, the very same member first. */
function take(
  left: { has(member: unknown): boolean; delete(member: unknown): boolean },
  members: Iterable<unknown>,
  same: unknown,
  matches: (other: unknown) => boolean,
): boolean {
  if (left.has(same) && matches(same)) return left.delete(same);
  for (const other of members) {
    if (matches(other)) return left.delete(other);
  }
  return false;
}
