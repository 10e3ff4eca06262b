/**
 * Gathers what `doctor.ts` examines: reads this machine, watches it for a moment, and tries what the
 * suite is going to need.
 *
 * @module
 */
import type { ChannelOffer, Facility } from "../../facilities/facility.ts";
import { SystemCallError } from "../../facilities/libc/errno.ts";
import { tryListFolder } from "../../facilities/libc/files.ts";
import { newRunId, RunFolder } from "../../facilities/run_folder.ts";
import { Scope } from "../../facilities/scope.ts";
import { LEAVES, loadFacility } from "../../facilities/taxonomy.ts";
import { temporaryFolder, temporaryFolders } from "../../facilities/temporary_folder.ts";
import { parseCpuList } from "./cpu_list.ts";
import { between, type CpuTimes, takeSnapshot } from "./disturbance.ts";
import type { Ceiling, Facts, Refusal } from "./doctor.ts";
import { type FileTree, machineFiles } from "./file_tree.ts";
import { readHost } from "./host.ts";
import { keepAwake } from "./keep_awake.ts";
import { containerOf } from "./virtualization.ts";

/** Every object of the suite has a name that starts like this. */
const PREFIX = "ipc-taxonomy-";

/**
 * The facts about this machine, after watching it for `seconds`.
 *
 * @param largestSize bytes of the largest message that is going to be sent
 */
export async function gatherFacts(seconds: number, largestSize: number): Promise<Facts> {
  const host = readHost();
  const before = takeSnapshot();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = takeSnapshot();
  const leftovers = findLeftovers();
  const facilities = await Promise.all(LEAVES.map(({ id }) => loadFacility(id)));
  return {
    host,
    quiet: between(before, after),
    stolenSinceStart: stolen(after.cpus),
    onlineCpus: onlineCpus(machineFiles) ?? host.cpus,
    smtActive: smtActive(machineFiles),
    container: containerOf(machineFiles),
    idleStates: idleStatesOf(machineFiles),
    largestSize,
    ceilings: facilities.flatMap((facility) => ceilingsOf(facility, largestSize)),
    refusals: await refusalsOf(facilities),
    awakeRefused: await tryAwake(host.topology.at(-1)!.cpu),
    leftovers,
  };
}

/** The channels of a facility that cannot carry messages of `size` bytes, one for each limit. */
export function ceilingsOf({ id, channel, variants }: Facility, size: number): Ceiling[] {
  const names: (string | undefined)[] = variants?.map((variant) => variant.id) ?? [undefined];
  const ceilings = new Map<string, Ceiling>();
  for (const variant of names) {
    const limit = (channel as ChannelOffer | undefined)?.largestMessage?.(variant);
    if (limit && limit.value < size) ceilings.set(limit.source, { facility: id, limit });
  }
  return [...ceilings.values()];
}

/** Creates one of each facility and removes it again; returns those that could not be. */
export async function refusalsOf(facilities: readonly Facility[]): Promise<Refusal[]> {
  using folder = new RunFolder(temporaryFolder(), `doctor-${newRunId()}`);
  using scope = new Scope(`${folder.path}/trial`);
  const refusals: Refusal[] = [];
  for (const facility of facilities) {
    const refusal = await refusalOf(facility, scope);
    if (refusal) refusals.push(refusal);
  }
  return refusals;
}

async function refusalOf(facility: Facility, scope: Scope): Promise<Refusal | null> {
  const unfit = facility.inapplicable?.("process");
  if (unfit) return { facility: facility.id, reason: unfit, code: null };
  const offer = facility.channel ?? facility.notifier ?? facility.lock ?? facility.region;
  try {
    using _made = await offer?.create({ maxBytes: 64, participants: "process", count: 2, scope });
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = error instanceof SystemCallError ? error.code : null;
    return { facility: facility.id, reason: error.message, code };
  }
}

async function tryAwake(cpu: number): Promise<string | null> {
  try {
    await using _awake = await keepAwake([cpu]);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : `${error}`;
  }
}

/** Named objects and temporary folders of the suite, whoever they belong to. */
function findLeftovers(): string[] {
  const folders = [...new Set(["/dev/shm", "/dev/mqueue", ...temporaryFolders()])];
  return folders.flatMap((folder) =>
    tryListFolder(folder)
      .filter((name) => name.startsWith(PREFIX) || name.startsWith(`sem.${PREFIX}`))
      .map((name) => `${folder}/${name}`)
  );
}

function stolen(cpus: ReadonlyMap<number, CpuTimes>): number {
  let [steal, total] = [0, 0];
  for (const times of cpus.values()) {
    steal += times.steal;
    total += times.total;
  }
  return total > 0 ? steal / total : 0;
}

function onlineCpus(files: FileTree): number | null {
  const list = files.read("/sys/devices/system/cpu/online");
  return list ? parseCpuList(list).length : null;
}

function smtActive(files: FileTree): boolean | null {
  const active = files.read("/sys/devices/system/cpu/smt/active");
  return active === null ? null : active === "1";
}

function idleStatesOf(files: FileTree): string | null {
  const folder = "/sys/devices/system/cpu/cpuidle";
  const driver = files.read(`${folder}/current_driver`);
  if (driver === null || driver === "none") return null;
  const governor = files.read(`${folder}/current_governor`) ??
    files.read(`${folder}/current_governor_ro`);
  return governor ? `${driver}/${governor}` : driver;
}
