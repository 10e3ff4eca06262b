/**
 * `fidelity`: the suite against native code.
 *
 * @module
 */
import { type Command, Option } from "commander";
import { LEAVES, loadFacility } from "../facilities/taxonomy.ts";
import { temporaryFolder } from "../facilities/temporary_folder.ts";
import { compareWithNative } from "../workloads/runner/fidelity.ts";
import type { FidelityDocument } from "../workloads/runner/fidelity_document.ts";
import { planFidelity } from "../workloads/runner/fidelity_plan.ts";
import { readHost } from "../workloads/runner/host.ts";
import { InputError } from "../workloads/runner/errors.ts";
import { crossCpu, placements } from "../workloads/runner/placement.ts";
import { readTopology } from "../workloads/runner/topology.ts";
import { fidelityTable } from "../reports/fidelity.ts";
import { known, list, seconds, whole } from "./arguments.ts";
import { Interruption } from "./interruption.ts";
import { Output } from "./output.ts";
import { ProgressLine } from "./progress.ts";
import { VERSION } from "./version.ts";

interface FidelityCommandOptions {
  facility?: string[];
  placement: string;
  budget: number;
  seed?: number;
  json?: string;
}

export function define(command: Command, exit: (code: number) => void): void {
  command
    .option("--facility <LIST>", "facilities", list)
    .option(
      "--placement <NAME>",
      "where blocking cells are compared: same-cpu, cross-cpu",
      "same-cpu",
    )
    .addOption(
      new Option("--budget <TIME>", "time to compare for: 60s, 10m").argParser(seconds)
        .default(300, "300s"),
    )
    .option("--seed <N>", "seed of the order of launches and cells", whole(0, 2 ** 32 - 1))
    .option("--json <FILE>", "the comparison into FILE, - for stdout")
    .action(async (options: FidelityCommandOptions) => exit(await fidelity(options)));
}

async function fidelity(options: FidelityCommandOptions): Promise<number> {
  using interruption = new Interruption();
  const output = await Output.open(options.json);
  const ids = LEAVES.map(({ id }) => id);
  const chosen = options.facility ? known("facility", options.facility, ids) : ids;
  known("placement", [options.placement], ["same-cpu", "cross-cpu"]);
  const topology = readTopology();
  const spinning = crossCpu(topology);
  const blocking = options.placement === "cross-cpu"
    ? spinning
    : placements(topology).find((each) => each.class === "same-cpu") ?? null;
  if (!blocking) throw new InputError("This machine has one CPU only: --placement same-cpu");
  const seed = options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
  const visits = await planFidelity({
    facilities: await Promise.all(
      chosen.map(async (source) => ({ source, facility: await loadFacility(source) })),
    ),
    topology,
    blocking,
    spinning,
    seed,
    budgetSeconds: options.budget,
  });

  let document: FidelityDocument;
  {
    using progress = new ProgressLine();
    document = await compareWithNative({
      visits,
      host: readHost(),
      version: VERSION,
      seed,
      budgetSeconds: options.budget,
      temporary: temporaryFolder(),
      perf: true,
      onProgress: (state) => progress.show(state),
      signal: interruption.signal,
    });
  }
  output.text(fidelityTable(document));
  await output.finish(document);
  return interruption.exitCode ?? codeOf(document);
}

function codeOf({ cells }: FidelityDocument): number {
  return cells.some(({ status }) => status === "failed") ? 4 : 0;
}
