/**
 * Apart from the limits themselves, which a participant need not load to tell this error from others.
 *
 * @module
 */

/** What is asked for is more than a limit of this host allows. */
export class LimitError extends Error {
  override readonly name = "LimitError";
  /** Stands where a system call's error would have errno's name. */
  readonly code = "limit";
}
