/**
 * Loads and stores of words that participants share, in order with what was written before them.
 *
 * `Atomics` says what is meant, but V8 makes a call of it, 11 ns for what takes one instruction; the
 * round trip by spinning took 1.6 times as long as in C. On x86_64 every load acquires and every
 * store releases (Intel SDM volume 3A, 10.2.2; AMD APM volume 2, 7.2), and V8 neither reorders nor
 * saves accesses to typed arrays, so there plain ones do. Only a store that a later load must not
 * overtake needs `Atomics.store` everywhere.
 *
 * @module
 */

type Words = Int32Array<ArrayBufferLike>;

const STORES_IN_ORDER = Deno.build.arch === "x86_64";

/** Reads a word; nothing that follows is read before it. */
export const loadAcquire: (words: Words, index: number) => number = STORES_IN_ORDER
  ? (words, index) => words[index]!
  : (words, index) => Atomics.load(words, index);

/** Writes a word; whoever reads it by `loadAcquire` sees everything that was written before. */
export const storeRelease: (words: Words, index: number, value: number) => void = STORES_IN_ORDER
  ? (words, index, value) => {
    words[index] = value;
  }
  : (words, index, value) => void Atomics.store(words, index, value);
