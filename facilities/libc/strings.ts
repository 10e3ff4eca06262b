/** Text on its way to C and back. @module */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The text as a NUL-terminated byte string. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text + "\0");
}

/** The text up to the first NUL byte, or all of it. */
export function fromCString(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decoder.decode(end === -1 ? bytes : bytes.subarray(0, end));
}
