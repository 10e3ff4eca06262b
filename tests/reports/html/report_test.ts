import { assert, assertEquals } from "@std/assert";
import { safeParse } from "valibot";
import { renderReport } from "../../../reports/html/mod.ts";
import { BUNDLE_FILE, bundleText } from "../../../reports/html/client/build.ts";
import { RunSchema } from "../../../workloads/runner/document.ts";
import { HOSTILE, syntheticRun } from "./synthetic_run.ts";

const OPTIONS = [{}, { hostile: true }, { extent: "standard" }] as const;

Deno.test("the synthetic runs are run documents", () => {
  for (const options of OPTIONS) {
    const run = syntheticRun(options);
    const result = safeParse(RunSchema, run);
    assert(result.success, JSON.stringify(result.issues?.[0]));
    assertEquals(new Set(run.cells.map((cell) => cell.id)).size, run.cells.length);
  }
});

Deno.test("the checked-in bundle is what its sources make", async () => {
  const kept = await Deno.readTextFile(BUNDLE_FILE);
  const made = await bundleText();
  assert(kept === made, "client/bundle.ts is stale: run `deno task bundle-pages`");
});

Deno.test("a report is one file: no address but those of its own parts", () => {
  const html = renderReport(syntheticRun());
  const addresses = [...html.matchAll(/\s(?:src|href|action|srcset|poster)="([^"]*)"/g)]
    .map(([, address]) => address!);
  assert(addresses.length > 0);
  for (const address of addresses) assert(/^(#|data:)/.test(address), address);
  assert(!/<link(?![^>]*rel="icon")/.test(html));
  assert(html.includes(`http-equiv="Content-Security-Policy" content="default-src 'none'`));
});

Deno.test("text from outside never becomes markup", () => {
  const html = renderReport(syntheticRun({ hostile: true }));
  const scripts = html.match(/<script/g)!.length;
  assertEquals(scripts, renderReport(syntheticRun()).match(/<script/g)!.length);
  assert(!html.includes("<img"));
  assert(!html.includes(HOSTILE));
});

Deno.test("the run document inside a report is the one it was made from", () => {
  const run = syntheticRun({ hostile: true });
  const html = renderReport(run);
  const block = html.match(/<script type="application\/json" id="run">(.*?)<\/script>/s)![1]!;
  assertEquals(JSON.parse(block), run);
});

Deno.test("a large run document is embedded compressed, and comes out whole", async () => {
  const run = syntheticRun({ extent: "standard" });
  const html = renderReport(run);
  const block = html.match(/<script type="application\/json" id="run-gzip">(.*?)<\/script>/s)![1]!;
  const bytes = Uint8Array.from(atob(JSON.parse(block)), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  assertEquals(JSON.parse(await new Response(stream).text()), run);
  assert(html.length < JSON.stringify(run).length / 2);
});

Deno.test("a report says when its run was interrupted, or measured nothing", () => {
  const run = syntheticRun();
  assert(!renderReport(run).includes("This run was interrupted"));
  assert(renderReport({ ...run, complete: false }).includes("This run was interrupted"));
  const html = renderReport({ ...run, cells: [], claims: [] });
  assert(html.includes("Nothing was measured."));
});
