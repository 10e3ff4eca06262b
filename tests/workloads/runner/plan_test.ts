import { assertEquals } from "@std/assert";
import { STRATEGIES } from "../../../facilities/communication/shared_memory/waiting.ts";
import { loadFacility } from "../../../facilities/taxonomy.ts";
import { CONTROL_ROWS, loadWorkload } from "../../../workloads/catalogue.ts";
import { planInput } from "../../../cli/bench.ts";
import { makePlan } from "../../../workloads/runner/plan.ts";
import { PROFILE, type ProfileName } from "../../../workloads/runner/profile.ts";

const REGIONS = ["sysv-shared-memory", "posix-shared-memory", "memfd"];

// What they open of the C library stays open; so load all before the first test.
for (const id of REGIONS) await loadFacility(id);
for (const id of ["round-trip", ...CONTROL_ROWS]) await loadWorkload(id);

/** How many waiting strategies each facility is measured with at one size. */
async function strategies(
  facility: string[],
  profile: ProfileName,
  wait?: string[],
): Promise<Record<string, number>> {
  const { visits } = await makePlan(
    await planInput({
      ...{ facility, profile, wait, workload: ["round-trip"], placement: ["same-cpu"], seed: 1 },
      ...{ size: [64], report: false, store: false },
    }),
  );
  return Object.fromEntries(
    visits.filter(({ facility }) => facility !== null).map(({ facility, cells }) => [
      facility,
      new Set(cells.map(({ dimensions }) => dimensions.wait)).size,
    ]),
  );
}

/** A participant that only spins would wait for the other's time slice on one CPU. */
const ALL = STRATEGIES.length - 1;
const FEW = PROFILE.quick.waits.length - 1;

Deno.test("in a quick run one region stands for all where waiting strategies are compared", async () => {
  const [sysv, posix, memfd] = REGIONS as [string, string, string];
  assertEquals(await strategies(REGIONS, "quick"), { [sysv]: FEW, [posix]: ALL, [memfd]: FEW });
  assertEquals(await strategies([memfd, sysv], "quick"), { [memfd]: ALL, [sysv]: FEW });
  assertEquals(await strategies(REGIONS, "standard"), { [sysv]: ALL, [posix]: ALL, [memfd]: ALL });
  assertEquals(await strategies([sysv, posix], "quick", ["eventfd", "futex"]), {
    [sysv]: 2,
    [posix]: 2,
  });
});
