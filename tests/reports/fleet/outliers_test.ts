import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { EVERYTHING, findOutliers } from "../../../reports/fleet/outliers.ts";
import { binomialInterval } from "../../../workloads/runner/statistics.ts";
import { type FleetPlan, syntheticFleet } from "./synthetic_fleet.ts";

const FLEETS = 60;
const SHAPE = { facilities: 8, cells: 4 };

/** How many of so many fleets fulfil something. */
function count(
  plan: Omit<FleetPlan, "seed">,
  holds: (fleet: ReturnType<typeof search>) => boolean,
) {
  let number = 0;
  for (let seed = 1; seed <= FLEETS; seed++) if (holds(search({ ...plan, seed }))) number++;
  return number;
}

function search(plan: FleetPlan) {
  const { outliers } = findOutliers(syntheticFleet(plan));
  return outliers.flatMap(({ hostname, deviations }) =>
    deviations.map(({ by, ratio }) => ({ hostname, by, ratio }))
  );
}

for (const noise of ["normal", "long-tailed", "two states"] as const) {
  for (const [hosts, runs] of [[8, 5], [20, 5], [20, 1]] as const) {
    Deno.test(`no host of ${hosts} like ones is named: ${noise} noise, ${runs} runs each`, () => {
      const alarms = count({ ...SHAPE, hosts, runs, noise }, (found) => found.length > 0);
      // Among equals every discovery is false, so the rate is that of fleets with one.
      assertLess(binomialInterval(alarms, FLEETS)[0], 0.05, `${alarms} of ${FLEETS}`);
    });
  }

  Deno.test(`two odd hosts of 20 are named, and hardly another: ${noise} noise`, () => {
    // A machine in its other state is half as slow again, all of it, 3 times in 10.
    const much = noise === "two states" ? 4 : 2;
    const slower = (host: number, facility: number) =>
      host === 3 ? much : host === 7 && facility === 2 ? 1.5 : 1;
    let [named, false_, all] = [0, 0, 0];
    for (let seed = 1; seed <= FLEETS; seed++) {
      const found = search({ ...SHAPE, seed, hosts: 20, runs: 5, noise, slower });
      const whole = found.find(({ hostname, by }) => hostname === "host-3" && by === EVERYTHING);
      const part = found.find(({ hostname, by }) => hostname === "host-7" && by === "f2");
      if (whole && part) named++;
      all += found.length;
      false_ += found.filter((each) => each !== whole && each !== part).length;
      if (whole) assert(whole.ratio > much / 1.7 && whole.ratio < much * 1.7, `${whole.ratio}`);
      if (part) assert(part.ratio > 1.3 && part.ratio < 1.7, `${part.ratio}`);
    }
    assertGreater(named / FLEETS, 0.9);
    assertLess(false_ / all, 0.05);
  });
}

Deno.test("two hosts that are odd alike do not hide each other", () => {
  const slower = (host: number) => host < 2 ? 1.5 : 1;
  const found = search({ ...SHAPE, seed: 1, hosts: 10, runs: 5, noise: "normal", slower });
  assertEquals(found.map(({ hostname, by }) => `${hostname} ${by}`).sort(), [
    `host-0 ${EVERYTHING}`,
    `host-1 ${EVERYTHING}`,
  ]);
});

Deno.test("hosts are held against their equals only, and too few equals are said to be", () => {
  const plan: FleetPlan = {
    ...SHAPE,
    seed: 1,
    hosts: 15,
    runs: 3,
    noise: "normal",
    slower: (host) => host >= 12 ? 3 : 1,
    groups: (host) => host >= 12 ? { instance: "m5" } : {},
  };
  const { outliers, judged, alone } = findOutliers(syntheticFleet(plan));
  assertEquals(outliers, []);
  assertEquals(judged, 12);
  assertEquals(alone.toSorted(), ["host-12", "host-13", "host-14"]);
});

Deno.test("what a host did under an older kernel is not held against it", () => {
  const now = syntheticFleet({ ...SHAPE, seed: 1, hosts: 8, runs: 3, noise: "normal" });
  const before = syntheticFleet({
    ...{ ...SHAPE, seed: 2, hosts: 1, runs: 9, noise: "normal", slower: () => 5 },
    groups: () => ({ kernel: "Linux 6.1" }),
  }).map((run) => ({ ...run, startedAt: run.startedAt.replace("2026", "2025") }));
  assertEquals(findOutliers([...before, ...now]).outliers, []);
});
