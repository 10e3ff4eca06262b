/**
 * What a participant holds between two orders, and how it lets go of all of it.
 *
 * @module
 */
import type { Capabilities, Created, Lock } from "../../../facilities/facility.ts";
import type { Scope } from "../../../facilities/scope.ts";

/** The capabilities it attached to, what it created, what else is to be disposed. */
export const held: Partial<Capabilities> = {};
export const created = new Map<number, Created>();
export const scopes: Scope[] = [];
/** Locks that it has. Memory with a robust mutex in it must not go while the mutex is locked. */
export const acquired = new Set<Lock>();
const releases: (() => void)[] = [];

/** Does it when the experiment is over. */
export function afterwards(release: () => void): void {
  releases.push(release);
}

/** @throws {TypeError} when it attached to no such thing */
export function attached<C extends keyof Capabilities>(capability: C): Capabilities[C] {
  const found = held[capability];
  if (!found) throw new TypeError(`Cannot use a ${capability}: none is attached`);
  return found as Capabilities[C];
}

/** Lets go of everything; what is gone already is passed over. */
export function letGo(): void {
  const { lock, ...others } = held;
  const all: Disposable[] = [
    ...(lock ?? []),
    ...Object.values(others) as Disposable[],
    ...created.values(),
    ...scopes,
  ];
  for (const capability of Object.keys(held)) delete held[capability as keyof Capabilities];
  created.clear();
  const unlocks = [...acquired].map((each) => () => each.release());
  acquired.clear();
  scopes.length = 0;
  for (
    const release of [
      ...unlocks,
      ...releases.splice(0),
      ...all.map((each) => () => each[Symbol.dispose]()),
    ]
  ) {
    try {
      release();
    } catch {
      // The experiment closed or removed it, which is what it was about.
    }
  }
}
