/**
 * Seeded random numbers: the same seed gives the same order of cells, trials and resamples.
 *
 * xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM
 * TOMS 47, 2021), its state filled by SplitMix64 as its authors advise. It is not for secrets:
 * unguessable names come from `crypto`.
 *
 * @module
 */

/** A source of random numbers; everything that draws takes one, so that a run can be repeated. */
export interface Random {
  /** A whole number, 0 to 2³² − 1. */
  uint32(): number;
  /** A number of 53 random bits, 0 included, 1 not. */
  next(): number;
  /**
   * A whole number, 0 included, `below` not, every one as likely.
   *
   * @throws {RangeError} `below` is not a whole number from 1 to 2³²
   */
  integer(below: number): number;
  /** Shuffles in place (Fisher–Yates, Knuth TAOCP 3.4.2 P) and returns the same array. */
  shuffle<T>(items: T[]): T[];
}

const TWO_32 = 2 ** 32;

/**
 * Makes the generator of one seed.
 *
 * @param seed a whole number, 0 to 2⁵³ − 1
 * @throws {RangeError} the seed is no such number
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`Cannot seed with ${seed}: it takes a whole number from 0 to 2^53 - 1`);
  }
  return fromState(splitMix64(seed));
}

/** The generator that starts at the given four words; for tests against the reference output. */
export function fromState(state: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = state;

  function uint32(): number {
    const times5 = Math.imul(b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  }

  function integer(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > TWO_32) {
      throw new RangeError(`Cannot draw below ${below}: it takes a whole number from 1 to 2^32`);
    }
    const fair = TWO_32 - TWO_32 % below;
    let drawn = uint32();
    while (drawn >= fair) drawn = uint32();
    return drawn % below;
  }

  return {
    uint32,
    integer,
    next: () => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53,
    shuffle(items) {
      for (let last = items.length - 1; last > 0; last--) {
        const other = integer(last + 1);
        const kept = items[last]!;
        items[last] = items[other]!;
        items[other] = kept;
      }
      return items;
    },
  };
}

/** Two outputs of SplitMix64 as four 32-bit words (Steele, Lea and Flood, OOPSLA 2014). */
function splitMix64(seed: number): [number, number, number, number] {
  const words: number[] = [];
  let state = BigInt(seed);
  for (let i = 0; i < 2; i++) {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let mixed = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    mixed ^= mixed >> 31n;
    words.push(Number(mixed & 0xffffffffn), Number(mixed >> 32n));
  }
  return words as [number, number, number, number];
}
