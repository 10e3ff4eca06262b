/** How many tests passed and failed, which were skipped, and how long each part took. @module */

export interface FileTotals {
  readonly path: string;
  /** Seconds spent in the file's tests. */
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  /** The names of tests that were not run. */
  readonly skipped: readonly string[];
}

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly files: readonly FileTotals[];
}

export const NOTHING: Totals = { passed: 0, failed: 0, files: [] };

/** A file that is slower than this is worth a line. */
const SLOW_SECONDS = 10;
const SLOWEST = 8;

export function add(a: Totals, b: Totals): Totals {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    files: [...a.files, ...b.files],
  };
}

/** What stands below all steps: minutes by part, the slowest files, and every test that was skipped. */
export function partLines({ files }: Totals): string[] {
  const parts = [...Map.groupBy(files, ({ path }) => partOf(path))].sort();
  const slowest = files.filter(({ seconds }) => seconds >= SLOW_SECONDS)
    .sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  return [
    ...parts.map(([part, files]) =>
      `${minutes(files)} min  ${part}: ${sum(files, "passed")} of ${
        sum(files, "passed") + sum(files, "failed")
      } passed`
    ),
    ...slowest.map(({ path, seconds }) => `${seconds.toFixed(0).padStart(5)} s in ${path}`),
    ...files.flatMap(({ path, skipped }) => skipped.map((name) => `skipped: ${path}: ${name}`)),
  ];
}

/** `tests/cli` of `tests/cli/bench_test.ts`, `tests` of a file that lies there itself. */
export function partOf(path: string): string {
  return path.split("/").slice(0, -1).slice(0, 2).join("/");
}

function minutes(files: readonly FileTotals[]): string {
  const seconds = files.reduce((sum, { seconds }) => sum + seconds, 0);
  return (seconds / 60).toFixed(1).padStart(5);
}

function sum(files: readonly FileTotals[], key: "passed" | "failed"): number {
  return files.reduce((sum, file) => sum + file[key], 0);
}
