/**
 * `bench`: measures a plan, prints the ranked tables, stores the run, writes the report.
 *
 * @module
 */
import { type Command, Option } from "commander";
import type { Facility, Participants } from "../facilities/facility.ts";
import { BESIDE, LEAVES } from "../facilities/taxonomy.ts";
import { temporaryFolder } from "../facilities/temporary_folder.ts";
import { WORKLOADS } from "../workloads/catalogue.ts";
import type { ClaimVerdict, RunDocument, Settings } from "../workloads/runner/document.ts";
import { attemptAll, InputError } from "../workloads/runner/errors.ts";
import { budgetDoubt } from "../workloads/runner/budget.ts";
import { readHost } from "../workloads/runner/host.ts";
import { crossCpu, type Placement, placements } from "../workloads/runner/placement.ts";
import { makePlan, type PlanInput } from "../workloads/runner/plan.ts";
import { PROFILE, type ProfileName, PROFILES } from "../workloads/runner/profile.ts";
import { measure } from "../workloads/runner/run.ts";
import { serialiseRun } from "../workloads/runner/run_file.ts";
import { readTopology, type Topology } from "../workloads/runner/topology.ts";
import { checkWritableFolder, makeFolder, writeWhole } from "../workloads/runner/write_whole.ts";
import { Keeper } from "../reports/history/keeper.ts";
import { renderReport } from "../reports/html/mod.ts";
import { resultPath } from "../reports/result_paths.ts";
import { rankingTables } from "../reports/terminal.ts";
import { list, seconds, sizes, whole } from "./arguments.ts";
import { verdictsCode } from "./claims/verdicts_code.ts";
import {
  knownParticipants,
  knownPlacements,
  knownWaits,
  knownWorkloads,
  PARTICIPANTS,
  PLACEMENT_WORDS,
} from "./dimensions.ts";
import { facilitySources, loadFacilities, remoteFacilityOption } from "./facilities.ts";
import { Interruption } from "./interruption.ts";
import { Output } from "./output.ts";
import { ProgressLine } from "./progress.ts";
import { storeOption } from "./store_option.ts";
import { complain } from "./standard_streams.ts";
import { columns } from "./terminal.ts";
import { VERSION } from "./version.ts";

/** What the command line may say; absent is the profile's default. */
export interface BenchOptions {
  facility?: string[];
  allowRemoteFacility?: boolean;
  workload?: string[];
  size?: number[];
  placement?: string[];
  participants?: string[];
  wait?: string[];
  awake?: boolean;
  profile: ProfileName;
  trials?: number;
  budget?: number;
  seed?: number;
  label?: string;
  claims?: boolean;
  store?: string | false;
  report: string | false;
  json?: string;
}

export function define(command: Command, exit: (code: number) => void): void {
  storeOption(measuringOptions(command))
    .option("--label <TEXT>", "a note kept with the run")
    .option("--claims", "also prove the taxonomy's statements; the verdicts go with the run")
    .option("--report <DIR>", "where the report is written", resultPath("report"))
    .option("--no-store", "do not keep the run")
    .option("--no-report", "write no report")
    .option("--json <FILE>", "the run document into FILE, - for stdout")
    .action(async (options: BenchOptions) => exit(await bench(options)));
}

/** The options of every command that measures. */
export function measuringOptions(command: Command): Command {
  return remoteFacilityOption(command)
    .option("--facility <LIST>", "facilities, or modules that export one (./my_ring.ts)", list)
    .option("--workload <LIST>", "workloads", list)
    .option("--size <LIST>", "message sizes: 1,64,4KiB,1MiB", sizes)
    .option("--placement <LIST>", PLACEMENT_WORDS.join(", "), list)
    .option("--participants <LIST>", "process, thread (default: what each facility is for)", list)
    .option("--wait <LIST>", "waiting strategies of shared memory", list)
    .option("--awake", "keep the measured CPUs out of idle states")
    .option("--no-awake", "leave the CPUs to their idle states (default)")
    .addOption(
      new Option("--profile <NAME>", "how much is covered").choices([...PROFILES]).default("quick"),
    )
    .option("--trials <N>", "trials a cell", whole(1, 10_000))
    .option("--budget <TIME>", "time to measure for: 60s, 10m", seconds)
    .option("--seed <N>", "seed of the order of trials and cells", whole(0, 2 ** 32 - 1));
}

async function bench(options: BenchOptions): Promise<number> {
  const output = await Output.open(options.json);
  if (options.report !== false) await checkWritableFolder(options.report);
  const input = await planInput(options);
  const plan = await makePlan(input);
  // Last, since it makes a file.
  const keeper = options.store === false ? null : await Keeper.prepare(options.store);
  const doubt = budgetDoubt(plan, input.settings);
  if (doubt !== null) complain(doubt);

  using interruption = new Interruption();
  let run: RunDocument;
  {
    using progress = new ProgressLine();
    run = await measure({
      plan,
      settings: input.settings,
      host: readHost(),
      label: options.label ?? null,
      version: VERSION,
      temporary: temporaryFolder(),
      onProgress: (state) => progress.show(state),
      signal: interruption.signal,
    });
  }
  if (options.claims) {
    const claims = await verdicts(input, interruption.signal);
    run = { ...run, claims, complete: run.complete && !interruption.signal.aborted };
  }
  await attemptAll([
    () => output.text(rankingTables(run, columns(), { rest: restOf(run, options) })),
    () => output.finish(serialiseRun(run)),
    () => keeper?.add(run, interruption.signal),
    () => options.report === false ? undefined : writeReport(run, options.report, output),
  ]);
  if (interruption.exitCode !== null) return interruption.exitCode;
  if (run.cells.some(({ status }) => status === "failed")) return 4;
  const judged = verdictsCode(run.claims);
  if (judged !== 0) return judged;
  return run.cells.some(({ status, control }) => status === "measured" && !control) ? 0 : 3;
}

/** Where the cells are found that no table on the terminal shows. */
function restOf({ id }: RunDocument, { store, report }: BenchOptions): string {
  if (store !== false) return `deno task history show ${id} --all`;
  return report === false ? "in the run document (--json FILE)" : "in the report";
}

async function writeReport(run: RunDocument, folder: string, output: Output): Promise<void> {
  const path = `${folder}/index.html`;
  await makeFolder(folder);
  await writeWhole(path, renderReport(run, {}));
  output.text(`\nReport: ${path}`);
}

/** Of the experiments on the facilities that were measured; what is beside the taxonomy has none. */
async function verdicts({ facilities }: PlanInput, signal: AbortSignal): Promise<ClaimVerdict[]> {
  const { runClaims } = await import("../workloads/claims/run_claims.ts");
  const sources = facilities.map(({ source }) => source);
  return await runClaims({
    facilities: sources.filter((source) => !BESIDE.some(({ id }) => id === source)),
    temporary: temporaryFolder(),
    signal,
  });
}

/** What the plan is made of: the options, the profile's defaults, and what this machine has. */
export async function planInput(options: BenchOptions): Promise<PlanInput> {
  const profile = PROFILE[options.profile];
  const topology = readTopology();
  const chosen = chosenPlacements(options.placement, topology, options.profile);
  const sources = facilitySources(
    options.facility,
    [...LEAVES, ...BESIDE],
    options.allowRemoteFacility,
  );
  const facilities = await loadFacilities(sources);
  const settings: Settings = {
    profile: options.profile,
    seed: options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!,
    trials: options.trials ?? profile.trials,
    adaptive: options.trials === undefined,
    budgetSeconds: options.budget ?? profile.budgetSeconds,
    facilities: facilities.map(({ facility }) => facility.id),
    workloads: knownWorkloads(options.workload ?? WORKLOADS),
    sizes: options.size ?? [...profile.sizes],
    placements: chosen.map((placement) => placement.class),
    participants: participantsOf(options, facilities.map(({ facility }) => facility)),
    waits: knownWaits(options.wait ?? profile.waits),
    awake: options.awake ?? false,
    named: namedLists(options),
  };
  return {
    facilities,
    settings,
    profile,
    placements: chosen,
    topology,
  };
}

/** The lists of the settings that the command line gave. */
function namedLists(options: BenchOptions): Settings["named"] {
  const { facility, workload, size, placement, participants, wait } = options;
  const lists = {
    ...{ facilities: facility, workloads: workload, sizes: size, placements: placement },
    ...{ participants, waits: wait },
  };
  return (Object.keys(lists) as (keyof typeof lists)[]).filter((name) => lists[name] !== undefined);
}

function participantsOf(
  { participants }: BenchOptions,
  facilities: readonly Facility[],
): Participants[] {
  if (participants) return knownParticipants(participants);
  return PARTICIPANTS.filter((kind) =>
    facilities.some(({ usualParticipants = "process" }) => usualParticipants === kind)
  );
}

function chosenPlacements(
  given: readonly string[] | undefined,
  topology: Topology,
  profile: ProfileName,
): Placement[] {
  const offered = placements(topology);
  const nearest = crossCpu(topology);
  if (!given) {
    if (profile !== "quick") return offered;
    return offered.filter((each) => each.class === "same-cpu" || each.class === nearest?.class);
  }
  return knownPlacements(given).map((word) => {
    const found = word === "cross-cpu" ? nearest : offered.find((each) => each.class === word);
    if (found) return found;
    const has = offered.map((each) => each.class).join(", ");
    throw new InputError(`This machine has no placement "${word}"; it offers ${has}`);
  });
}
