/** What every store must do, whatever it keeps the runs in. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { InputError } from "../../../workloads/runner/errors.ts";
import { RefusedRun, type RunFilter, type Store } from "../../../reports/history/store.ts";
import type { MeasuredCell } from "../../../workloads/runner/document.ts";
import { parseRun } from "../../../workloads/runner/run_file.ts";
import { sampleRun } from "../../workloads/runner/sample_run.ts";
import { VERSION_1 } from "../../workloads/runner/version_1.ts";

/** Registers the tests; `open` gives each an empty store, which the test closes. */
export function testStore(name: string, open: () => Promise<Store>): void {
  const test = (what: string, body: (store: Store) => Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => {
      await using store = await open();
      await body(store);
    });

  test("a run comes back as it went in", async (store) => {
    const run = sampleRun({ id: "run-1" });
    assertEquals(await store.add(run), true);
    assertEquals(await store.get("run-1"), run);
    assertEquals(await store.get("run-2"), null);
  });

  test("the same run twice is stored once, another run of its id is refused", async (store) => {
    assertEquals(await store.add(sampleRun({ id: "run-1" })), true);
    assertEquals(await store.add(sampleRun({ id: "run-1" })), false);
    assertEquals((await store.list()).length, 1);
    const other = sampleRun({ id: "run-1", seed: 2 });
    const error = await assertRejects(
      () => store.add(other),
      InputError,
      "another run has this id",
    );
    assertEquals(error.exitCode, 2);
    assertEquals(await store.get("run-1"), sampleRun({ id: "run-1" }));
  });

  test("a run that an older suite stored is read, and not stored twice", async (store) => {
    // It put in what it had; a store adds a document as it is.
    await store.add(JSON.parse(VERSION_1));
    const run = parseRun(VERSION_1, "old.json");
    assertEquals(await store.get(run.id), run);
    assertEquals(await store.latest(), run);
    assertEquals(await store.add(run), false);
    const error = await assertRejects(() => store.add({ ...run, label: "other" }), InputError);
    assertStringIncludes(error.message, "another run has this id");
  });

  test("a run that is not as the schema says is refused, and what of it is named", async (store) => {
    const rows: [Partial<MeasuredCell>, string][] = [
      [{ ci95: [NaN, 1e6] }, "cells.0.ci95.0 is NaN, expected number"],
      [{ ci95: [2, 1] }, "cells.0.ci95 is [2, 1], expected the lower end first"],
      [{ estimate: Infinity }, "cells.0.estimate is Infinity, expected a finite number"],
    ];
    const run = sampleRun({ id: "run-1" });
    for (const [change, fault] of rows) {
      const [first, ...rest] = run.cells;
      const cells = [{ ...first as MeasuredCell, ...change }, ...rest];
      const error = await assertRejects(() => store.add({ ...run, cells }), RefusedRun);
      assertEquals(error.message, `Cannot store the run run-1: ${fault}`);
    }
    assertEquals(await store.list(), []);
  });

  test("an incomplete run gives way to the whole one, in its baselines too", async (store) => {
    const whole = sampleRun({ id: "run-1" });
    await store.add({ ...whole, complete: false, cells: whole.cells.slice(0, 1) });
    await store.setBaseline("main", ["run-1"]);
    assertEquals(await store.add(whole), false);
    assertEquals(await store.get("run-1"), whole);
    assertEquals((await store.list()).map(({ measured, complete }) => [measured, complete]), [
      [4, true],
    ]);
    assertEquals((await store.baseline("main", whole.host.machineKey))!.runs, ["run-1"]);
  });

  test("a list shows the newest run first, with its facts", async (store) => {
    await store.add(sampleRun({ id: "run-b", startedAt: "2026-02-02T10:00:00Z" }));
    await store.add(sampleRun({ id: "run-a", startedAt: "2026-02-02T10:00:00Z" }));
    await store.add(sampleRun({ id: "run-c", startedAt: "2026-02-02T10:30:00+02:00" }));
    await store.add({
      ...sampleRun({ id: "run-d", startedAt: "2026-02-03T10:00:00Z" }),
      label: "x",
    });
    const runs = await store.list();
    assertEquals(runs.map(({ id }) => id), ["run-d", "run-a", "run-b", "run-c"]);
    assertEquals(runs[0], {
      id: "run-d",
      startedAt: "2026-02-03T10:00:00.000Z",
      machineKey: "x86_64/kvm/Sample CPU/2",
      hostname: "sample",
      kernel: "6.18.0",
      deno: "2.9.6",
      version: "0.1.0",
      profile: "quick",
      label: "x",
      complete: true,
      durationSeconds: 12.5,
      measured: 4,
      notApplicable: 1,
      failed: 0,
    });
    assertEquals((await store.latest())!.id, "run-d");
  });

  test("filters narrow the list", async (store) => {
    for (let day = 1; day <= 6; day++) {
      await store.add(sampleRun({
        id: `run-${day}`,
        startedAt: `2026-03-0${day}T00:00:00Z`,
        machineKey: day % 2 ? "odd" : "even",
        hostname: `host-${day % 3}`,
        kernel: day < 5 ? "6.17" : "6.18",
        facilities: day <= 3 ? ["pipe"] : ["fifo", "pipe-like"],
      }));
    }
    const rows = [
      [{}, [6, 5, 4, 3, 2, 1]],
      [{ machineKey: "odd" }, [5, 3, 1]],
      [{ machineKey: "o" }, []],
      [{ idPrefix: "run-" }, [6, 5, 4, 3, 2, 1]],
      [{ idPrefix: "run-4" }, [4]],
      [{ idPrefix: "run-4%" }, []],
      [{ facility: "pipe" }, [3, 2, 1]],
      [{ facility: "pi%" }, []],
      // Not applicable is not measured.
      [{ facility: "posix-message-queue" }, []],
      [{ since: new Date("2026-03-03T00:00:00Z") }, [6, 5, 4, 3]],
      [{ hostname: "host-1" }, [4, 1]],
      [{ kernel: "6.18", hostname: "host-0" }, [6]],
      [{ limit: 2 }, [6, 5]],
      [{ limit: 0 }, []],
      [{ machineKey: "odd", facility: "pipe", limit: 1 }, [3]],
    ] as const;
    for (const [filter, days] of rows) {
      assertEquals((await store.list(filter)).map(({ id }) => id), days.map((day) => `run-${day}`));
    }
    assertEquals((await store.latest({ machineKey: "odd", facility: "pipe" }))!.id, "run-3");
    assertEquals(await store.latest({ machineKey: "none" }), null);
  });

  test("a trend is one cell of one machine key over time", async (store) => {
    for (let day = 1; day <= 4; day++) {
      await store.add(sampleRun({
        id: `run-${day}`,
        startedAt: `2026-03-0${day}T00:00:00Z`,
        machineKey: day === 2 ? "other" : "mine",
        seed: day,
      }));
    }
    const cell = "round-trip/pipe/64/same-cpu/process/2";
    const points = await store.trend(cell, "mine");
    assertEquals(points.map(({ run }) => run.id), ["run-1", "run-3", "run-4"]);
    const stored = sampleRun({ id: "run-3", seed: 3 }).cells.find(({ id }) => id === cell)!;
    assertEquals(stored.status, "measured");
    if (stored.status !== "measured") return;
    const { estimate, ci95, trials } = points[1]!;
    assertEquals([estimate, ci95, trials], [stored.estimate, stored.ci95, 6]);
    const newest = await store.trend(cell, "mine", { limit: 2 });
    assertEquals(newest.map(({ run }) => run.id), ["run-3", "run-4"]);
    assertEquals(await store.trend("round-trip/none", "mine"), []);
    const ids = async (filter: RunFilter) =>
      (await store.trend(cell, null, filter)).map(({ run }) => run.id);
    assertEquals(await ids({}), ["run-1", "run-2", "run-3", "run-4"]);
    assertEquals(await ids({ since: new Date("2026-03-02T00:00:00Z"), limit: 2 }), [
      "run-3",
      "run-4",
    ]);
    assertEquals(await ids({ hostname: "none" }), []);
  });

  test("the hosts, the one that ran last first", async (store) => {
    for (let day = 1; day <= 6; day++) {
      await store.add(sampleRun({
        id: `run-${day}`,
        startedAt: `2026-03-0${day}T00:00:00Z`,
        hostname: day === 6 ? "a" : "b",
        machineKey: day === 1 ? "other" : "mine",
        kernel: day < 4 ? "6.17" : "6.18",
      }));
    }
    const rows = async (filter?: RunFilter) =>
      (await store.hosts(filter)).map(({ hostname, machineKey, runs, since, newest }) =>
        [hostname, machineKey, runs, since.slice(0, 10), newest.id].join(" ")
      );
    assertEquals(await rows(), [
      "a mine 1 2026-03-06 run-6",
      "b mine 4 2026-03-02 run-5",
      "b other 1 2026-03-01 run-1",
    ]);
    assertEquals(await rows({ kernel: "6.17" }), [
      "b mine 2 2026-03-02 run-3",
      "b other 1 2026-03-01 run-1",
    ]);
    assertEquals((await store.hosts({ hostname: "a" }))[0]!.newest, (await store.list())[0]);
    assertEquals(await rows({ machineKey: "none" }), []);
  });

  test("baselines are named runs of one machine", async (store) => {
    for (const id of ["run-1", "run-2", "run-3"]) {
      await store.add(
        sampleRun({ id, startedAt: `2026-03-0${id.at(-1)}T00:00:00Z`, machineKey: "mine" }),
      );
    }
    await store.add(sampleRun({ id: "run-9", machineKey: "other" }));
    const set = await store.setBaseline("main", ["run-3", "run-1", "run-3"]);
    assertEquals([set.name, set.machineKey, set.runs], ["main", "mine", ["run-1", "run-3"]]);
    assertEquals(await store.baseline("main", "mine"), set);
    assertEquals(await store.baseline("main", "other"), null);
    await store.setBaseline("main", ["run-9"]);
    const replaced = await store.setBaseline("main", ["run-2"]);
    assertEquals((await store.baseline("main", "mine"))!.runs, ["run-2"]);
    assertEquals((await store.baseline("main", "other"))!.runs, ["run-9"]);
    await store.setBaseline("old kernel", ["run-1"]);
    assertEquals((await store.baselines("mine")).map(({ name }) => name), ["old kernel", "main"]);
    assertEquals((await store.baselines("mine"))[1], replaced);
    assertEquals((await store.baselines()).length, 3);

    assertEquals(await store.clearBaseline("main", "mine"), true);
    assertEquals(await store.clearBaseline("main", "mine"), false);
    assertEquals((await store.baselines()).map(({ machineKey }) => machineKey), ["mine", "other"]);
    assertEquals(await store.clearBaseline("main"), true);
    assertEquals((await store.list()).length, 4);
  });

  test("a baseline that is none is refused, and the old one stays", async (store) => {
    await store.add(sampleRun({ id: "run-1", machineKey: "mine" }));
    await store.add(sampleRun({ id: "run-2", machineKey: "other" }));
    const before = await store.setBaseline("main", ["run-1"]);
    const rows = [
      ["main", [], "it needs a run at least"],
      ["main", ["run-1", "run-7"], "there is no run run-7"],
      ["main", ["run-1", "run-2"], "its runs are of several machines: mine, other"],
      [" ", ["run-1"], "without a name"],
    ] as const;
    for (const [name, runs, reason] of rows) {
      await assertRejects(() => store.setBaseline(name, runs), InputError, reason);
    }
    assertEquals(await store.baselines(), [before]);
  });

  test("a run of a baseline is neither removed nor pruned", async (store) => {
    for (let day = 1; day <= 6; day++) {
      await store.add(sampleRun({
        id: `run-${day}`,
        startedAt: `2026-03-0${day}T00:00:00Z`,
        machineKey: day % 2 ? "odd" : "even",
      }));
    }
    await store.setBaseline("main", ["run-1"]);
    await assertRejects(() => store.remove("run-1"), InputError, "the baseline main");
    assertEquals(await store.remove("run-2"), true);
    assertEquals(await store.remove("run-2"), false);
    assertEquals(await store.get("run-2"), null);
    assertEquals(
      await store.trend("round-trip/pipe/64/same-cpu/process/2", "even", { limit: 9 })
        .then((points) => points.map(({ run }) => run.id)),
      ["run-4", "run-6"],
    );
    await assertRejects(() => store.prune({}), InputError, "Cannot prune without");
    assertEquals(await store.prune({ keep: 5 }), []);
    assertEquals(await store.prune({ before: new Date("2026-03-04T00:00:00Z"), keep: 2 }), []);
    assertEquals(await store.prune({ before: new Date("2026-03-04T00:00:00Z") }), ["run-3"]);
    assertEquals(await store.prune({ keep: 1, machineKey: "even" }), ["run-4"]);
    assertEquals((await store.list()).map(({ id }) => id), ["run-6", "run-5", "run-1"]);
    assertEquals(await store.prune({ keep: 0 }), ["run-5", "run-6"]);
    assertEquals((await store.list()).map(({ id }) => id), ["run-1"]);
  });

  test("foreign text is text", async (store) => {
    const hostile = `'); DROP TABLE runs; -- "%_é\u2028\n`;
    const run = { ...sampleRun({ id: "run-1", machineKey: hostile }), label: hostile };
    await store.add(run);
    await store.setBaseline(hostile, ["run-1"]);
    assertEquals((await store.list({ machineKey: hostile }))[0]!.label, hostile);
    assertEquals((await store.baseline(hostile, hostile))!.runs, ["run-1"]);
    assertEquals(await store.list({ facility: hostile }), []);
    assertEquals(await store.get("run-1"), run);
  });

  test("a closed store may be closed again", async (store) => {
    await store.close();
    await store.close();
  });
}
