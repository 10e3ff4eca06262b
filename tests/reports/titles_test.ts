/** A user's own facility has its own title wherever a run is shown. @module */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { advise } from "../../reports/advise/answer.ts";
import { basisOf } from "../../reports/advise/basis.ts";
import { declarationOf, declarations } from "../../reports/advise/declare.ts";
import { requirementsOf } from "../../reports/advise/requirements.ts";
import { loadExporter } from "../../reports/exports/catalogue.ts";
import { packRows, unpackRows } from "../../reports/html/model/pack.ts";
import { rowsOf } from "../../reports/html/model/rows.ts";
import { renderReport, writeSite } from "../../reports/html/mod.ts";
import { rankingTables } from "../../reports/terminal.ts";
import { facility } from "../../examples/my_ring.ts";
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";
import { titleOf } from "../../workloads/runner/document_version_1.ts";
import { loadWorkload } from "../../workloads/catalogue.ts";
import { titlesOf } from "../../workloads/runner/plan.ts";
import { sampleRun } from "../workloads/runner/sample_run.ts";

// Libraries that they open stay open, which the tests must not be blamed for.
const facilities = await declarations();
await loadWorkload("round-trip");

/** What pages made of the id when documents had no titles. */
const BY_ID = "My ring";

const [variant] = facility.variants!;
const own = { ...facility, variants: [{ ...variant!, title: "Busy poll" }] };

/** The pipe of a sample run beside a facility of a user. */
function ownRun(): RunDocument {
  const run = sampleRun({ id: "own-titles", facilities: ["pipe", facility.id] });
  const missing = run.cells.at(-1)!;
  return {
    ...run,
    facilities: [{ id: "pipe", title: "Pipe" }, titlesOf(own)],
    cells: [
      ...run.cells.slice(0, -1).map((cell) =>
        cell.facility === "pipe" ? cell : { ...cell, variant: "spin" }
      ),
      { ...missing, facility: facility.id },
    ],
    claims: [{
      id: "pollable",
      statement: "It can be polled.",
      facility: facility.id,
      verdict: "holds",
      expected: "yes",
      observed: "yes",
    }],
  };
}

function assertTitled(text: string, where: string): void {
  assertStringIncludes(text, facility.title, where);
  assert(!text.includes(BY_ID), `${where} makes a title of the id`);
}

Deno.test("the terminal and the exports for people show titles of facility and variant", async () => {
  const run = ownRun();
  const table = rankingTables(run, 100);
  assertTitled(table, "the terminal");
  assertStringIncludes(table, "My mailbox · Busy poll");
  const markdown = (await loadExporter("markdown")).render(run);
  assertTitled(markdown, "markdown");
  assertStringIncludes(markdown, "My mailbox · Busy poll");
  const csv = (await loadExporter("csv")).render(run);
  const [head, ...lines] = csv.split("\r\n");
  assert(head!.endsWith(",facility_title,variant_title"), head);
  assert(lines.some((line) => line.endsWith(",My mailbox,Busy poll")), csv);
});

Deno.test("every page that shows a user's facility shows its title", async () => {
  assertTitled(renderReport(ownRun()), "the single page");
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  try {
    const { files } = await writeSite([ownRun()], folder);
    for (const path of files.filter((path) => path.endsWith(".html"))) {
      const text = await Deno.readTextFile(`${folder}/${path}`);
      assert(!text.includes(BY_ID), `${path} makes a title of the id`);
    }
    for (
      const path of [
        "index.html",
        "claims.html",
        "facilities/index.html",
        "facilities/my-ring.html",
      ]
    ) {
      assertTitled(await Deno.readTextFile(`${folder}/${path}`), path);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("titles of claims made apart are those of their document", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  try {
    const { claims } = ownRun();
    await writeSite([sampleRun({ id: "others" })], folder, { claims, facilities: [titlesOf(own)] });
    assertTitled(await Deno.readTextFile(`${folder}/claims.html`), "claims.html");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a page's rows keep their titles on the way to its script", () => {
  const rows = rowsOf(ownRun());
  const titles = (list: typeof rows) =>
    list.map(({ title, variantTitle }) => [title, variantTitle]);
  assertEquals(titles(unpackRows(packRows(rows, false))), titles(rows));
  assertEquals(titles(rows).at(-1), ["My mailbox", "Busy poll"]);
});

Deno.test("advice names a facility with its variant by their titles", () => {
  const two = { ...own, variants: [...own.variants, { id: "sleep", summary: "Sleeps." }] };
  const run = ownRun();
  const cells = run.cells.filter((cell): cell is MeasuredCell => cell.status === "measured");
  const { ranked } = advise(
    requirementsOf({ pattern: "request-reply", sizeBytes: 64 }),
    [declarationOf(two)],
    basisOf({ ...run, cells }),
  );
  assertEquals(ranked.map(({ label }) => label), ["My mailbox · Busy poll"]);
});

Deno.test("a run of version 1 gets the titles that the taxonomy has", () => {
  for (const { id, title } of facilities) assertEquals(titleOf(id), title);
  assertEquals(titleOf("my-ring"), BY_ID);
});

Deno.test("ids of any length have a page each", async () => {
  const ids = [200, 251, 999].flatMap((length) =>
    ["a", "b"].map((last) => "x".repeat(length - 1) + last)
  );
  const longest = "x".repeat(5_000);
  const run = sampleRun({ id: "long-ids", facilities: [...ids, longest] });
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  try {
    const { files } = await writeSite([run], folder);
    const pages = files.filter((path) => /^facilities\/x+/.test(path));
    assertEquals(new Set(pages).size, ids.length + 1);
    const index = await Deno.readTextFile(`${folder}/facilities/index.html`);
    for (const path of pages) assertStringIncludes(index, path.replace("facilities/", ""));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
