/**
 * Planning what an earlier run measured.
 *
 * @module
 */
import { BESIDE, LEAVES } from "../facilities/taxonomy.ts";
import type { RunDocument, Settings } from "../workloads/runner/document.ts";
import { InputError } from "../workloads/runner/errors.ts";
import type { PlanInput } from "../workloads/runner/plan.ts";
import { type BenchOptions, planInput } from "./bench.ts";

/** What the command line may say over what the run says. */
export type Given = Partial<BenchOptions>;

/**
 * The input of a plan that has the cells of a run, with its settings where nothing else is given.
 *
 * A list that was not named is left to the profile, which may treat it otherwise; a plan with more
 * cells than the run is to be limited to them.
 *
 * @throws {InputError} the run measured facilities of modules that are not given
 */
export async function inputLike(run: RunDocument, given: Given): Promise<PlanInput> {
  const { settings } = run;
  const profile = given.profile ?? settings.profile;
  const facility = given.facility ?? knownFacilities(run);
  const usual = (await planInput({ report: false, store: false, profile })).settings;
  // Older runs do not say which lists were named, and another suite's profile may have had others.
  const isOwn = (key: NonNullable<Settings["named"]>[number]) =>
    settings.named?.includes(key) || settings[key].join() !== usual[key].join();
  const ifOwn = <K extends "workloads" | "sizes" | "placements" | "participants" | "waits">(
    key: K,
  ): Settings[K] | undefined => isOwn(key) ? settings[key] : undefined;
  // Another profile brings its own lists.
  const lists = profile === settings.profile
    ? {
      workload: ifOwn("workloads"),
      size: ifOwn("sizes"),
      placement: ifOwn("placements"),
      participants: ifOwn("participants"),
      wait: ifOwn("waits"),
      // Without a number a run goes on while intervals are wide.
      trials: settings.adaptive ? undefined : settings.trials,
      budget: settings.budgetSeconds,
    }
    : {};
  const named = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Given;
  return await planInput({
    report: false,
    store: false,
    ...lists,
    awake: settings.awake,
    ...named,
    profile,
    facility,
  });
}

function knownFacilities({ id, settings }: RunDocument): string[] {
  const known = [...LEAVES, ...BESIDE].map((leaf) => leaf.id);
  const found = settings.facilities.filter((each) => known.includes(each));
  if (found.length > 0) return found;
  throw new InputError(
    `The run ${id} measured ${settings.facilities.join(", ")}, which the taxonomy does not have; ` +
      "name the module with --facility ./my_facility.ts",
  );
}
