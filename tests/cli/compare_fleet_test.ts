import { assertEquals, assertMatch } from "@std/assert";
import type { FleetDocument } from "../../reports/fleet/fleet.ts";
import { EVERYTHING } from "../../reports/fleet/outliers.ts";
import { openSqlite } from "../../reports/history/sqlite.ts";
import { fleetDocuments, ODD } from "../reports/fleet/fleet_documents.ts";
import { command } from "./command.ts";

/** A folder with a store of the made-up fleet. */
async function withFleet(body: (folder: string, store: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  try {
    const path = `${folder}/history.sqlite`;
    await using store = await openSqlite(path);
    for (const run of fleetDocuments()) await store.add(run);
    await body(folder, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("compare --by sets the groups of a store side by side and names the odd host", () =>
  withFleet(async (folder, store) => {
    const [json, markdown] = [`${folder}/out.json`, `${folder}/out.md`];
    const { code, out, err } = await command(
      ...["compare", "--by", "kernel", "--reference", "Linux 6.18.0", "--store", store],
      ...["--json", json, "--markdown", markdown],
    );
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^By kernel, against Linux 6\.18\.0\n/);
    assertMatch(out, /Linux 6\.1\.0 +8 +24 +1\.5\d? × slower/);
    assertMatch(out, new RegExp(`node-${ODD} +${EVERYTHING} .* × slower`));
    assertMatch(out, /1 host named of 16 judged/);
    const document: FleetDocument = JSON.parse(await Deno.readTextFile(json));
    assertEquals(document.schema, "ipc-taxonomy/fleet/1");
    assertEquals(document.comparison.cells.length, 4);
    assertEquals(document.outliers.outliers.map(({ hostname }) => hostname), [`node-${ODD}`]);
    assertMatch(await Deno.readTextFile(markdown), /\n\| group \| hosts \| runs \| overall /);
  }));

Deno.test("bad input of compare --by is one line and exit 2, no run exit 3", () =>
  withFleet(async (folder, store) => {
    const rows: [code: number, says: RegExp, ...args: string[]][] = [
      [2, /kernel/, "--by", "kernels"],
      [2, /groups by cpu are Sample CPU x2/, "--by", "cpu", "--reference", "Other"],
      [2, /takes no names/, "--by", "cpu", "latest"],
      [2, /there is none yet/, "--by", "cpu", "--store", `${folder}/none.sqlite`],
      [3, /no such run/, "--by", "cpu", "--since", "2027-01-01"],
    ];
    for (const [code, says, ...args] of rows) {
      const ended = await command("compare", "--store", store, ...args);
      assertEquals([ended.code, ended.out], [code, ""], ended.err);
      assertMatch(ended.err, says);
      assertEquals(ended.err.trim().split("\n").length, 1, ended.err);
    }
  }));

Deno.test("history trend --by follows groups day by day", () =>
  withFleet(async (folder, store) => {
    const json = `${folder}/trend.json`;
    const { code, out, err } = await command(
      ...["history", "trend", "pipe", "--by", "kernel", "--all", "--store", store, "--json", json],
    );
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^Linux 6\.1\.0: 8 hosts, 24 runs on 3 days\n/);
    assertMatch(out, /0 of 2 cells stepped to another level; a step takes 5 days/);
    const { schema, groups } = JSON.parse(await Deno.readTextFile(json));
    assertEquals([schema, groups.length], ["ipc-taxonomy/trend-groups/1", 2]);
    assertEquals(groups[0].cells[0].points.length, 3);
    const refused = await command("history", "trend", "none", "--by", "cpu", "--store", store);
    assertEquals([refused.code, refused.err.trim().split("\n").length], [2, 1]);
  }));
