/**
 * Latencies as an HdrHistogram: every sample counts, to three digits, and trials merge exactly.
 *
 * The library is loaded when the first histogram is made, so importing this file costs nothing.
 *
 * @module
 */
import type { Histogram as HdrHistogram } from "hdr-histogram-js";
import type { Percentiles } from "./document.ts";

/** Each percentile needs more than ten samples beyond it: name, percent, samples to exceed. */
const SUPPORT = [
  ["p50", 50, 20],
  ["p90", 90, 100],
  ["p99", 99, 1_000],
  ["p99.9", 99.9, 10_000],
] as const;

/** Latencies of one cell, in nanoseconds. */
export interface Histogram {
  /** Number of samples. */
  readonly count: number;
  /**
   * Adds samples, rounded to whole nanoseconds.
   *
   * @throws {RangeError} a sample is negative or no number
   */
  record(nanoseconds: ArrayLike<number>): void;
  /** Adds all samples of another. */
  merge(other: Histogram): void;
  /** The percentiles that the sample count supports, and the largest sample; null without any. */
  percentiles(): Percentiles | null;
  /** HdrHistogram V2, compressed, base64. */
  encode(): string;
}

/**
 * Makes an empty histogram.
 *
 * @param packed whether it is one of thousands: 12 KB instead of 60, and 0.3 µs a sample instead of 0.1
 */
export async function createHistogram(packed = false): Promise<Histogram> {
  const hdr = await import("hdr-histogram-js");
  const bitBucketSize = packed ? "packed" : 32;
  return new Latencies(
    hdr.build({ bitBucketSize, autoResize: true, numberOfSignificantValueDigits: 3 }),
    0,
    hdr.encodeIntoCompressedBase64,
  );
}

/**
 * Reads an encoded histogram.
 *
 * @param max the largest sample, where it is known better than the three digits that are encoded
 * @throws {SyntaxError} the text is no HdrHistogram V2 in compressed base64
 */
export async function decodeHistogram(text: string, max?: number): Promise<Histogram> {
  const hdr = await import("hdr-histogram-js");
  let decoded: HdrHistogram;
  try {
    decoded = hdr.decodeFromCompressedBase64(text, 64);
  } catch (cause) {
    throw new SyntaxError("Cannot decode the histogram: it is no compressed HdrHistogram V2", {
      cause,
    });
  }
  decoded.autoResize = true;
  return new Latencies(decoded, max ?? decoded.maxValue, hdr.encodeIntoCompressedBase64);
}

class Latencies implements Histogram {
  readonly #counts: HdrHistogram;
  readonly #encode: (histogram: HdrHistogram) => string;
  /** Kept apart: the histogram itself knows its largest value to three digits only. */
  #max: number;

  constructor(counts: HdrHistogram, max: number, encode: (histogram: HdrHistogram) => string) {
    this.#counts = counts;
    this.#max = max;
    this.#encode = encode;
  }

  get count(): number {
    return this.#counts.totalCount;
  }

  record(nanoseconds: ArrayLike<number>): void {
    for (let i = 0; i < nanoseconds.length; i++) {
      const value = nanoseconds[i]!;
      if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
        throw new RangeError(`Cannot record a latency of ${value} ns`);
      }
      this.#counts.recordValue(Math.round(value));
      if (value > this.#max) this.#max = value;
    }
  }

  merge(other: Histogram): void {
    if (!(other instanceof Latencies)) {
      throw new TypeError("Cannot merge a histogram of another make");
    }
    this.#counts.add(other.#counts);
    this.#max = Math.max(this.#max, other.#max);
  }

  percentiles(): Percentiles | null {
    if (this.count === 0) return null;
    const percentiles: Percentiles = { max: this.#max };
    for (const [name, percent, exceeded] of SUPPORT) {
      if (this.count <= exceeded) continue;
      percentiles[name] = Math.min(this.#max, this.#counts.getValueAtPercentile(percent));
    }
    return percentiles;
  }

  encode(): string {
    return this.#encode(this.#counts);
  }
}
