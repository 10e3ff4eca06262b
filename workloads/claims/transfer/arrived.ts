/** Waiting for bytes on their way. @module */
import type { Participant } from "../crew.ts";

/** Looks before what is not there is taken to be lost: a second or more. */
const LOOKS = 500;

/**
 * Resolves once so many bytes can be read at once, or after a good while without them: a terminal's line discipline and the network's
 * layers may hand them over later than the write returns.
 */
export async function arrived(reader: Participant, fd: number, bytes: number): Promise<void> {
  for (let look = 0; look < LOOKS && await reader.order("available", fd) < bytes; look++) {
    await new Promise((resolve) => setTimeout(resolve, 1)); // then it is asked again
  }
}
