/**
 * The three profiles: how much of the taxonomy's space a run covers, and for how long.
 *
 * @module
 */

export const PROFILES = ["quick", "standard", "thorough"] as const;
export type ProfileName = typeof PROFILES[number];

/** What a profile takes when the user names nothing else. */
export interface Profile {
  /** Trials of each cell, at least; six give an exact 95 % interval of the median. */
  readonly trials: number;
  /** Seconds of measuring, starting the participants included. */
  readonly budgetSeconds: number;
  /** Message sizes, bytes. */
  readonly sizes: readonly number[];
  /** Waiting strategies that every size is measured with. */
  readonly waits: readonly string[];
  /** The regions over which all waiting strategies are compared, and the sizes and workloads. */
  readonly matrixRegions: "one" | "all";
  readonly matrixSizes: readonly number[];
  readonly matrixWorkloads: readonly string[];
  /** Sizes at which a facility's variants beside the default are measured. */
  readonly variantSizes: readonly number[];
}

const KiB = 1024;
const MiB = 1024 * KiB;

export const PROFILE: Readonly<Record<ProfileName, Profile>> = {
  quick: {
    trials: 6,
    budgetSeconds: 60,
    sizes: [64, 4 * KiB, 64 * KiB],
    waits: ["futex", "spin"],
    matrixRegions: "one",
    matrixSizes: [64],
    matrixWorkloads: ["round-trip"],
    variantSizes: [64],
  },
  standard: {
    trials: 10,
    budgetSeconds: 600,
    sizes: [1, 16, 64, 256, KiB, 4 * KiB, 16 * KiB, 64 * KiB, 256 * KiB, MiB],
    waits: ["futex", "spin"],
    matrixRegions: "all",
    matrixSizes: [1, 64, 4 * KiB, 64 * KiB],
    matrixWorkloads: ["round-trip", "throughput"],
    variantSizes: [1, 64, 4 * KiB, 64 * KiB],
  },
  thorough: {
    trials: 20,
    budgetSeconds: 3600,
    sizes: [1, 16, 64, 256, KiB, 4 * KiB, 16 * KiB, 64 * KiB, 256 * KiB, MiB],
    waits: ["futex", "spin"],
    matrixRegions: "all",
    matrixSizes: [1, 16, 64, 256, KiB, 4 * KiB, 16 * KiB, 64 * KiB, 256 * KiB, MiB],
    matrixWorkloads: ["round-trip", "throughput"],
    variantSizes: [1, 16, 64, 256, KiB, 4 * KiB, 16 * KiB, 64 * KiB, 256 * KiB, MiB],
  },
};

/** Sizes at which the memory copy, the floor under all transfers, is measured: all that occur. */
export const LARGEST_SIZE = 64 * MiB;
