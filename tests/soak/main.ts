/**
 * Uses the suite for hours, and tells whether anything grows: `deno task soak --for 2h`.
 *
 * Exit codes: 0 nothing grows, 1 something does, 4 a cell failed, 130 and 143 interrupted.
 *
 * @module
 */
import { Command } from "commander";
import { list, seconds, whole } from "../../cli/arguments.ts";
import { Interruption } from "../../cli/interruption.ts";
import { Output } from "../../cli/output.ts";
import { alone } from "../namespaces.ts";
import { StepLine } from "./step_line.ts";
import { UserError } from "../../workloads/runner/errors.ts";
import { soak, type Soaked } from "./soak.ts";
import { sources } from "./steps.ts";
import { FEWEST_LOOKS } from "./verdict.ts";

const SCHEMA_ID = "ipc-taxonomy/soak/1";

interface Options {
  for: number;
  seed: number;
  facility?: string[];
  json?: string;
}

async function main(options: Options): Promise<number> {
  const output = await Output.open(options.json);
  const chosen = await sources(options.facility);
  using interruption = new Interruption();
  let soaked: Soaked;
  {
    using line = new StepLine(options.for);
    soaked = await soak({
      sources: chosen,
      seconds: options.for,
      seed: options.seed,
      signal: interruption.signal,
      onStep: (...state) => line.show(...state),
    });
  }
  const code = interruption.exitCode ?? codeOf(soaked);
  const { seed } = options;
  output.text(textOf(soaked, seed));
  await output.finish({
    schema: SCHEMA_ID,
    seed,
    verdict: VERDICTS[code] ?? "interrupted",
    ...soaked,
  });
  return code;
}

const VERDICTS: Readonly<Record<number, string>> = {
  0: "flat",
  1: "grows",
  4: "failed",
};

function codeOf({ failures, courses }: Soaked): number {
  if (failures.length > 0) return 4;
  return courses!.some(({ grows }) => grows) ? 1 : 0;
}

function textOf({ seconds, steps, failures, courses }: Soaked, seed: number): string {
  const did = `${steps} steps in ${Math.round(seconds)} s, seed ${seed}`;
  const failed = failures.slice(0, 20).map((failure) => `failed: ${failure}`);
  if (courses === null) {
    return [...failed, `${did}: too few to tell, it takes ${FEWEST_LOOKS}`].join("\n");
  }
  const rows = courses.map(({ vital, early, late, tolerance, grows }) =>
    [
      vital.padEnd(12),
      ...[early, late, tolerance].map((value) => `${Math.round(value)}`.padStart(12)),
      `  ${grows ? "GROWS" : "flat"}`,
    ].join("")
  );
  const head = ["".padEnd(12), ...["second third", "last third", "may rise by"]]
    .map((word) => word.padStart(12)).join("");
  const growing = courses.filter(({ grows }) => grows).map(({ vital }) => vital);
  const verdict = growing.length > 0 ? `${growing.join(", ")} grow` : "nothing grows";
  return [head, ...rows, ...failed, `${did}, ${failures.length} failures: ${verdict}`].join("\n");
}

const command = new Command("soak")
  .description("Measures random cells for hours; tells whether anything grows.")
  .option("--for <TIME>", "how long: 2m, 2h", seconds, 7200)
  .option("--seed <N>", "seed of what is done", whole(0, 2 ** 32 - 1), 1)
  .option("--facility <LIST>", "facilities, or modules that export one", list)
  .option("--json <FILE>", "all looks and the verdict as JSON into FILE, - for stdout")
  .parse(Deno.args, { from: "user" });

try {
  const code = await alone(import.meta.url, "--v8-flags=--expose-gc");
  Deno.exit(code ?? await main(command.opts<Options>()));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`ipc-taxonomy: ${message}`);
  Deno.exit(error instanceof UserError ? error.exitCode : 4);
}
