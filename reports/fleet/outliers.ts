/**
 * Hosts that differ from their equals.
 *
 * Equals share kernel, instance type, runtime and CPU. A host is judged by all facilities together:
 * by the median over the cells of how far they lie from the equals' usual level, which no single odd
 * cell can move, then by the median over its runs; and by each facility, beyond what all together lie
 * off in that run, so that a machine in another state is not found once a facility. That level is held against those of the
 * other hosts by the externally studentized deviation. Where hosts have several runs each, the most
 * extreme hosts are set aside first, so that two cannot hide each other (Rosner, "Percentage Points
 * for a Generalized ESD Many-Outlier Procedure", Technometrics 25, 1983); never is the spread taken
 * for less than what runs of one host differ by. Over all hosts and facilities Benjamini and
 * Hochberg's procedure (Journal of the Royal Statistical Society B 57, 1995) bounds the share of false
 * discoveries.
 *
 * @module
 */
import { benjaminiHochberg, median, studentCdf } from "../../workloads/runner/statistics.ts";
import { FACETS, type FleetRun } from "./fleet_run.ts";
import { hostKey, type HostLevels, levelsOf } from "./levels.ts";

/** What a host is judged by beside single facilities. */
export const EVERYTHING = "all facilities";

/** Something by which a host differs. */
export interface Deviation {
  /** A facility's id, or {@linkcode EVERYTHING}. */
  readonly by: string;
  /**
   * How many times worse than its equals usually are: median over the cells; of a facility, beyond
   * what all facilities together are.
   */
  readonly ratio: number;
  readonly cells: number;
  /** Adjusted for all hosts and facilities. */
  readonly q: number;
}

/** A host that differs. */
export interface Outlier extends Pick<HostLevels, "hostname" | "machineKey" | "groups" | "runs"> {
  /** Hosts like it, itself among them. */
  readonly equals: number;
  /** The largest first, {@linkcode EVERYTHING} before all. */
  readonly deviations: readonly Deviation[];
}

export interface OutlierSearch {
  /** Expected share of false ones among all deviations at most. */
  readonly rate: number;
  /** The host that deviates most first. */
  readonly outliers: readonly Outlier[];
  /** How many hosts had enough equals to be judged. */
  readonly judged: number;
  /** Names of those that had not. */
  readonly alone: readonly string[];
}

/**
 * With fewer hosts the others' spread is hardly known; with one run each, a host that was in another
 * state that time looks like an odd host.
 */
export const FEWEST_EQUALS = { repeated: 6, single: 12 };
/** Differences below this share are left unsaid, however sure they are. */
const LEAST_SHARE = 0.03;
/** Of the hosts, set aside at most while their equals' spread is found. */
const MOST_ASIDE = 1 / 4;
/** Figures of machines have longer tails than the normal distribution, those of single runs most. */
const MOST_FREEDOM = { repeated: 8, single: 4 };
/** What stays aside must be this unlikely among the rest. */
const ASIDE_LEVEL = 0.05;
/** Asymptotic variance of a median, as a multiple of that of a mean. */
const MEDIAN_VARIANCE = Math.PI / 2;

/** Finds them; `rate` bounds the expected share of false ones among the deviations. */
export function findOutliers(runs: readonly FleetRun[], rate = 0.05): OutlierSearch {
  const families = familiesOf(runs);
  const large = families.filter(isLarge);
  const tests = large.flatMap(testsOf);
  const adjusted = benjaminiHochberg(tests.map(({ p }) => p));
  const differing = tests.map((test, i) => ({ ...test, q: adjusted[i]! }))
    .filter(({ q, ratio }) => q <= rate && strength({ ratio }) >= Math.log1p(LEAST_SHARE));
  const outliers = [...Map.groupBy(differing, ({ member }) => member)].map(
    ([{ host, family }, own]): Outlier => ({
      hostname: host.hostname,
      machineKey: host.machineKey,
      groups: host.groups,
      runs: host.runs,
      equals: family.length,
      deviations: own.map(({ by, ratio, cells, q }) => ({ by, ratio, cells, q })).sort(
        (a, b) =>
          Number(b.by === EVERYTHING) - Number(a.by === EVERYTHING) || strength(b) - strength(a),
      ),
    }),
  );
  return {
    rate,
    outliers: outliers.sort((a, b) => strength(b.deviations[0]!) - strength(a.deviations[0]!)),
    judged: large.flat().length,
    alone: families.filter((each) => !large.includes(each)).flat().map(({ hostname }) => hostname),
  };
}

const strength = ({ ratio }: { ratio: number }) => Math.abs(Math.log(ratio));

/** Hosts that are equals, each by the runs since it became what it is. */
function familiesOf(runs: readonly FleetRun[]): HostLevels[][] {
  const now = new Map(levelsOf(runs).map((host) => [hostKey(host), kindOf(host)]));
  const current = runs.filter((run) => kindOf(run) === now.get(hostKey(run)));
  return [...Map.groupBy(levelsOf(current), kindOf).values()];
}

function isLarge(family: readonly HostLevels[]): boolean {
  const runs = family.reduce((sum, host) => sum + host.runs, 0);
  return family.length >= FEWEST_EQUALS[runs >= 2 * family.length ? "repeated" : "single"];
}

function kindOf({ groups }: Pick<FleetRun, "groups">): string {
  return FACETS.map((facet) => groups[facet]).join("\n");
}

/** A host among its equals. */
interface Member {
  readonly host: HostLevels;
  readonly family: readonly HostLevels[];
}

interface Test {
  readonly member: Member;
  readonly by: string;
  readonly ratio: number;
  readonly cells: number;
  readonly p: number;
}

function testsOf(family: readonly HostLevels[]): Test[] {
  const ids = [...new Set(family.flatMap(({ figures }) => [...figures.keys()]))];
  const usual = new Map(ids.flatMap((id) => {
    const levels = family.flatMap(({ figures }) => figures.get(id)?.logCost ?? []);
    return levels.length < FEWEST_EQUALS.repeated ? [] : [[id, median(levels)]];
  }));
  const members = family.map((host) => ({ host, family }));
  const groups = Map.groupBy(usual.keys(), (id) => facilityOf(family, id));
  const whole = new Map(
    members.flatMap(({ host }) =>
      host.each.map((figures) => [figures, distanceOf(figures, usual.keys(), usual)])
    ),
  );
  const sets: [string, readonly string[]][] = [[EVERYTHING, [...usual.keys()]], ...groups];
  return sets.flatMap(([by, own]) => testsBy(by, own, usual, members, whole));
}

function facilityOf(family: readonly HostLevels[], id: string): string {
  return family.find(({ figures }) => figures.has(id))!.figures.get(id)!.facility;
}

function testsBy(
  by: string,
  ids: readonly string[],
  usual: ReadonlyMap<string, number>,
  members: readonly Member[],
  whole: ReadonlyMap<FleetRun["figures"], number | null>,
): Test[] {
  const measured = members.flatMap((member) => {
    const distances = member.host.each.flatMap((figures) => {
      if (by === EVERYTHING) return whole.get(figures) ?? [];
      const own = distanceOf(figures, ids, usual);
      return own === null ? [] : own - whole.get(figures)!;
    });
    const cells = ids.filter((id) => member.host.figures.has(id)).length;
    return distances.length > 0 ? [{ member, distances, cells }] : [];
  });
  if (measured.length < FEWEST_EQUALS.repeated) return [];
  const levels = measured.map(({ distances }) => median(distances));
  const p = unlikelihoods(levels, measured.map(({ distances }) => distances));
  const centre = median(levels);
  return measured.map(({ member, cells }, i) => ({
    member,
    by,
    ratio: Math.exp(levels[i]! - centre),
    cells,
    p: p[i]!,
  }));
}

/** How far the cells of a run lie off, in the middle; null where it has none of them. */
function distanceOf(
  figures: FleetRun["figures"],
  ids: Iterable<string>,
  usual: ReadonlyMap<string, number>,
): number | null {
  const own: number[] = [];
  for (const id of ids) {
    const figure = figures.get(id);
    if (figure) own.push(figure.logCost - usual.get(id)!);
  }
  return own.length > 0 ? median(own) : null;
}

/** The two-sided p of each host's level, and what its runs say of its steadiness. */
export function unlikelihoods(
  levels: readonly number[],
  runs: readonly (readonly number[])[],
): number[] {
  const noise = varianceWithin(runs);
  const floors = runs.map(({ length }) => MEDIAN_VARIANCE * (noise ?? 0) / length);
  const inside = levels.map((_, i) => i);
  const aside: number[] = [];
  // Without repeated runs a host of rare luck and an odd host look the same.
  const most = noise === null ? 0 : Math.floor(levels.length * MOST_ASIDE);
  while (aside.length < most) {
    const centre = median(inside.map((i) => levels[i]!));
    const farthest = inside.reduce((a, b) =>
      Math.abs(levels[b]! - centre) > Math.abs(levels[a]! - centre) ? b : a
    );
    aside.push(farthest);
    inside.splice(inside.indexOf(farthest), 1);
  }
  const freedom = noise === null ? MOST_FREEDOM.single : MOST_FREEDOM.repeated;
  const pOf = (i: number) => {
    const others = inside.filter((j) => j !== i).map((j) => levels[j]!);
    return unlikelihood(levels[i]!, others, floors[i]!, freedom);
  };
  // Taken back from the innermost on, until one is too far out to be like the others.
  while (aside.length > 0 && pOf(aside.at(-1)!) * (inside.length + 1) >= ASIDE_LEVEL) {
    inside.push(aside.pop()!);
  }
  return levels.map((_, i) => pOf(i));
}

/** By how much runs of one host vary, pooled; null where hosts have one run each, mostly. */
function varianceWithin(runs: readonly (readonly number[])[]): number | null {
  const freedom = runs.reduce((sum, { length }) => sum + length - 1, 0);
  if (freedom < runs.length) return null;
  return runs.reduce((sum, own) => sum + squaresOf(own), 0) / freedom;
}

/** Of one more value, were it like the others. */
function unlikelihood(
  value: number,
  others: readonly number[],
  floor: number,
  mostFreedom: number,
): number {
  const freedom = Math.min(mostFreedom, others.length - 1);
  const variance = Math.max(squaresOf(others) / (others.length - 1), floor);
  const distance = Math.abs(value - meanOf(others));
  if (distance === 0) return 1;
  if (variance === 0) return 0;
  return 2 * studentCdf(-distance / Math.sqrt(variance * (1 + 1 / others.length)), freedom);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function squaresOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
