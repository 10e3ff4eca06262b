/**
 * The gate over the project in the working directory.
 *
 * - `main.ts`: formatting, lint, types, and every test that a change needs (`task test`);
 * - `main.ts --long`: the tests that take longer, and the soak (`task test:long`);
 * - `main.ts FILE...`: `deno test` with these arguments, and nothing else.
 *
 * Which test runs when is declared in its file (`declared.ts`). Files that measure nothing run side by
 * side, one process for each CPU; the others run afterwards, one after another. What was skipped is named, and the
 * last line is `N passed, N failed`, counted out of the JUnit reports; any other step that fails counts
 * as one failed.
 *
 * @module
 */
import { type Extent, EXTENT_VARIABLE } from "../extent.ts";
import { type Declared, declaredBelow } from "./declared.ts";
import { tally } from "./junit.ts";
import { run, type Step, stopAll } from "./step.ts";
import { add, NOTHING, partLines, type Totals } from "./totals.ts";

/** All: the browser's driver looks at /proc/sys, which Deno opens to nobody else. */
const PERMISSIONS = ["--allow-all", "--no-prompt"];

/** Files that one process of tests gets: few, so that the processes end at about the same time. */
const FILES_AT_ONCE = 6;

const SILENCE_MINUTES: Readonly<Record<Extent, number>> = { short: 10, long: 30 };

const CHECKS: readonly Omit<Step, "silenceMinutes">[] = [
  { name: "fmt", args: ["fmt", "--check"] },
  { name: "lint", args: ["lint"] },
  { name: "check", args: ["check", "--quiet", "."] },
];

const SOAK: Omit<Step, "silenceMinutes"> = { name: "soak", args: ["task", "soak", "--for", "2m"] };

/** Lines of `deno test` about what went well. */
const UNINTERESTING =
  / \.\.\.(?: (?:ok|ignored) \(.*\))?$|^running \d+ tests? from |^ok \| \d+ passed|^$/;

/** The exit code that a signal asks for. */
let interrupted: number | undefined;

if (import.meta.main) {
  Deno.addSignalListener("SIGINT", () => interrupt(130));
  Deno.addSignalListener("SIGTERM", () => interrupt(143));
  const words = Deno.args.filter((word) => word !== "--");
  const extent: Extent = words[0] === "--long" ? "long" : "short";
  Deno.exit(await gate(extent, words.filter((word) => word !== "--long")));
}

/** Ends the steps of the moment; no other begins. A second signal ends the gate at once. */
function interrupt(code: number): void {
  if (interrupted) Deno.exit(code);
  interrupted = code;
  stopAll("SIGTERM");
}

/** Runs the steps, prints the totals, and returns the exit code. */
async function gate(extent: Extent, given: readonly string[]): Promise<number> {
  const start = performance.now();
  const whole = given.length === 0;
  let totals = NOTHING;
  if (whole && extent === "short") totals = add(totals, await failuresOf(CHECKS, extent));
  totals = add(totals, whole ? await allTests(extent) : await givenTests(given, extent));
  if (totals.passed + totals.failed === 0) {
    console.log("no test ran");
    totals = { ...totals, failed: 1 };
  }
  if (whole && extent === "long" && hasTask("soak")) {
    totals = add(totals, await failuresOf([SOAK], extent));
  }
  for (const line of partLines(totals)) console.log(line);
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  console.log(
    `${whole ? `${extent === "short" ? "test" : "test:long"} took` : "took"} ${minutes} min`,
  );
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  return interrupted ?? (totals.failed === 0 ? 0 : 1);
}

/** Runs steps that are no tests, in turn; each that fails counts as one. */
async function failuresOf(
  steps: readonly Omit<Step, "silenceMinutes">[],
  extent: Extent,
): Promise<Totals> {
  let failed = 0;
  for (const step of steps) {
    if (interrupted) break;
    const ended = await run({ ...step, silenceMinutes: SILENCE_MINUTES[extent] }, console.log);
    if (!ended.succeeded) failed++;
  }
  return { ...NOTHING, failed };
}

/** All tests of an extent: those that may, side by side; then the others, one file at a time. */
async function allTests(extent: Extent): Promise<Totals> {
  const files = declaredBelow("tests").filter(({ extents }) => extents.includes(extent));
  const together = batches(files.filter(({ alone }) => !alone));
  const alone = Map.groupBy(files.filter((file) => file.alone), ({ part }) => part);
  let totals = NOTHING;
  const lane = async () => {
    for (let batch = together.shift(); batch && !interrupted; batch = together.shift()) {
      const counts = await tests(batch.name, batch.paths, extent);
      totals = add(totals, counts); // read after the wait: the other lane adds to it too
    }
  };
  await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, lane));
  for (const [part, files] of alone) {
    if (interrupted) break;
    totals = add(totals, await tests(`${part} alone`, files.map(({ path }) => path), extent));
  }
  return totals;
}

interface Batch {
  readonly name: string;
  readonly paths: readonly string[];
}

/** Some files of one part each, so that its minutes can be told. */
function batches(files: readonly Declared[]): Batch[] {
  return [...Map.groupBy(files, ({ part }) => part)].flatMap(([part, files]) => {
    const count = Math.ceil(files.length / FILES_AT_ONCE);
    return Array.from({ length: count }, (_, index) => ({
      name: count === 1 ? part : `${part} ${index + 1}/${count}`,
      // Neighbours are alike, and as slow as each other.
      paths: files.filter((_, at) => at % count === index).map(({ path }) => path),
    }));
  });
}

/** What a developer asked for: everything that it says, as it says it. */
async function givenTests(given: readonly string[], extent: Extent): Promise<Totals> {
  return await tests("test", given, extent, { shows: () => true, onLine: console.log });
}

/** Runs some test files in one process, and shows at its end what is worth it. */
async function tests(
  name: string,
  args: readonly string[],
  extent: Extent,
  { shows = isOfInterest, onLine }: {
    shows?: (line: string) => boolean;
    onLine?: (line: string) => void;
  } = {},
): Promise<Totals> {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-gate-" });
  const report = `${folder}/junit.xml`;
  try {
    const { succeeded, lines } = await run({
      name,
      args: ["test", "--no-check", ...PERMISSIONS, `--junit-path=${report}`, ...args],
      env: { [EXTENT_VARIABLE]: extent },
      shows,
      silenceMinutes: SILENCE_MINUTES[extent],
    }, onLine);
    lines.forEach((line) => console.log(line));
    return judged(tally(await read(report)), succeeded);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function isOfInterest(line: string): boolean {
  return !UNINTERESTING.test(line);
}

/** A process of tests also fails when it failed outside of all of them. */
function judged(counts: Totals, succeeded: boolean): Totals {
  if (succeeded || counts.failed > 0) return counts;
  console.log("  failed outside of the tests, or before they ran");
  return { ...counts, failed: 1 };
}

async function read(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function hasTask(name: string): boolean {
  return name in (JSON.parse(Deno.readTextFileSync("deno.json")).tasks ?? {});
}
