/** A message that is not the one that was sent. @module */

/** A message arrived with another length than was sent. */
export class WrongLength extends Error {
  override readonly name = "WrongLength";
  constructor(call: string, count: number, expected: number) {
    super(`${call} returned a message of ${count} bytes instead of ${expected}`);
  }
}
