/** What is done over and over: random cells by way of the whole suite, and lives of facilities. @module */
import type { Capability, Facility, Participants } from "../../facilities/facility.ts";
import { Scope } from "../../facilities/scope.ts";
import { facilitySources } from "../../cli/facilities.ts";
import { planInput } from "../../cli/bench.ts";
import { VERSION } from "../../cli/version.ts";
import { openStore } from "../../reports/history/open_store.ts";
import { renderReport } from "../../reports/html/mod.ts";
import { LEAVES, loadFacility } from "../../facilities/taxonomy.ts";
import { WORKLOADS } from "../../workloads/catalogue.ts";
import type { Host, RunDocument } from "../../workloads/runner/document.ts";
import { InputError } from "../../workloads/runner/errors.ts";
import { placements } from "../../workloads/runner/placement.ts";
import { makePlan, type Plan, type PlanInput } from "../../workloads/runner/plan.ts";
import type { Random } from "../../workloads/runner/random.ts";
import { measure } from "../../workloads/runner/run.ts";
import { readTopology } from "../../workloads/runner/topology.ts";

/** Runs kept, so that the history has as much to hold at the end as early on. */
const KEPT = 10;
/** How often a facility lives in one step. */
const LIVES = 20;
const SIZES = [64, 1024, 4096, 65_536];
/** What a message or a region holds at most in a life. */
const MAX_BYTES = 4;

/** A facility by what it is loaded by. */
export interface Source {
  readonly source: string;
  readonly facility: Facility;
}

/** All of the taxonomy, or the ones that are named. @throws {InputError} */
export async function sources(given: readonly string[] | undefined): Promise<Source[]> {
  return await Promise.all(
    facilitySources(given, LEAVES).map(async (source) => ({
      source,
      facility: await loadFacility(source),
    })),
  );
}

export interface StepOptions {
  readonly random: Random;
  readonly host: Host;
  readonly temporary: string;
  /** The path of the history. */
  readonly store: string;
  readonly signal: AbortSignal;
}

/** Measures random cells of a facility, keeps the run, forgets old ones, writes its page. */
export async function measureSome({ source }: Source, options: StepOptions): Promise<string[]> {
  const { random, host, temporary, store, signal } = options;
  const { plan, input } = await somePlan(source, random);
  const { settings } = input;
  const run = await measure({
    ...{ plan, settings, host, temporary, signal },
    label: null,
    version: VERSION,
  });
  await keep(run, store);
  renderReport(run, {});
  return run.cells.flatMap(({ id, status, ...cell }) =>
    status === "failed" && "reason" in cell ? [`${id}: ${cell.reason}`] : []
  );
}

/** As each command does it: with the last that closes it the history is one file again. */
async function keep(run: RunDocument, path: string): Promise<void> {
  await using store = await openStore(path);
  await store.add(run);
  await store.prune({ keep: KEPT });
}

/** Some combination that there is. */
async function somePlan(
  facility: string,
  random: Random,
): Promise<{ plan: Plan; input: PlanInput }> {
  const classes = placements(readTopology()).map((each) => each.class);
  const one = <T>(items: readonly T[]) => items[random.integer(items.length)]!;
  for (;;) {
    const input = await planInput({
      facility: [facility],
      workload: random.shuffle([...WORKLOADS]).slice(0, 3),
      size: [one(SIZES)],
      placement: [one(classes)],
      participants: [one<Participants>(["process", "thread"])],
      profile: "quick",
      trials: 1,
      budget: 1,
      seed: random.uint32(),
      ...{ store: false, report: false },
    });
    try {
      return { plan: await makePlan(input), input };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
}

/** Makes, attaches, uses and removes each capability of a facility within this process. */
export async function live({ facility }: Source, { temporary }: StepOptions): Promise<void> {
  using scope = new Scope(`${temporary}/lives`);
  if (facility.inapplicable?.("thread")) return;
  for (const capability of ["channel", "notifier", "lock", "region"] as const) {
    const offer = facility[capability];
    if (!offer) continue;
    const variants = offer.variants ?? facility.variants?.map(({ id }) => id) ?? [undefined];
    for (let life = 0; life < LIVES; life++) {
      const variant = variants[life % variants.length];
      await liveOnce(facility, capability, variant, scope);
    }
  }
}

async function liveOnce(
  facility: Facility,
  capability: Capability,
  variant: string | undefined,
  scope: Scope,
): Promise<void> {
  const offer = facility[capability]!;
  const options = { variant, maxBytes: MAX_BYTES, participants: "thread", count: 1 } as const;
  using created = await offer.create({ ...options, scope });
  const attached = await offer.attach(created.link, "solo");
  const all = "length" in attached ? attached : [attached];
  for (const it of all) {
    if ("send" in it) {
      it.prepare(MAX_BYTES);
      it.outgoing().bytes.fill(7);
      it.send(MAX_BYTES);
      it.receive(MAX_BYTES);
    } else if ("post" in it) {
      it.post();
      it.wait();
    } else if ("acquire" in it) {
      it.acquire();
      it.release();
    } else it.memory.bytes.fill(7);
  }
  for (const it of all) it[Symbol.dispose]();
}
