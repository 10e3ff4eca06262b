/**
 * What a facility's `create` returns.
 *
 * @module
 */
import type { Created, Link } from "./facility.ts";

/**
 * The link, and a disposer that does once what `undo` holds, last first, each even if another fails.
 *
 * Declare `using undo = new DisposableStack()` first: a `create` that fails half-way is then undone
 * too.
 */
export function created<L extends Link>(link: L, undo: DisposableStack): Created {
  const owned = undo.move();
  return { link, [Symbol.dispose]: () => owned.dispose() };
}
