/** Commands on runs of version 1, beside those of version 2. @module */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { SCHEMA_ID } from "../../workloads/runner/document.ts";
import { parseRun, serialiseRun } from "../../workloads/runner/run_file.ts";
import { VERSION_1 } from "../workloads/runner/version_1.ts";
import { command } from "./command.ts";

async function withFiles(
  body: (folder: string, old: string, now: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  try {
    const [old, now] = [`${folder}/old.json`, `${folder}/now.json`];
    await Deno.writeTextFile(old, VERSION_1);
    const run = parseRun(VERSION_1, "old.json");
    await Deno.writeTextFile(now, serialiseRun({ ...run, id: "the-same-again" }));
    await body(folder, old, now);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a run of version 1 is reported, compared and checked like one of version 2", () =>
  withFiles(async (folder, old, now) => {
    const site = await command("report", old, now, "--report", `${folder}/site`);
    assertEquals([site.code, site.err], [0, ""]);
    assertStringIncludes(await Deno.readTextFile(`${folder}/site/index.html`), "My ring");
    const single = await command("report", old, "--single-file", "--report", `${folder}/one`);
    assertEquals([single.code, single.err], [0, ""]);
    const compared = await command("compare", old, now, "--all");
    assertEquals([compared.code, compared.err], [0, ""]);
    assertMatch(compared.out, /round-trip\/anonymous-mapping\/64/);
    for (const [baseline, candidate] of [[old, now], [now, old]] as const) {
      const args = ["--baseline", baseline, "--candidate", candidate, "--no-confirm"];
      const { code, out } = await command("check", ...args, "--json", `${folder}/check.json`);
      // Two trials per cell are too few to judge by: what matters is that both sides have them.
      assertEquals(code, 3, out);
      const document = JSON.parse(await Deno.readTextFile(`${folder}/check.json`));
      assertEquals(document.reasons.length > 0, true);
      assertEquals(document.counts.notJudged, 1, out);
    }
  }));

Deno.test("a run of version 1 is imported once, and exported as version 2", () =>
  withFiles(async (folder, old) => {
    const store = ["--store", `${folder}/history.sqlite`];
    for (const stored of [1, 0]) {
      const { code, out, err } = await command("history", "import", old, ...store, "--json", "-");
      assertEquals([code, JSON.parse(out).stored.length], [0, stored], err);
    }
    const { out } = await command("history", "export", "latest", ...store);
    assertEquals(JSON.parse(out).schema, SCHEMA_ID);
    assertEquals(parseRun(out, "stdout"), parseRun(VERSION_1, "old.json"));
  }));
