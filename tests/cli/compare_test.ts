// @gate alone

import { assertEquals, assertMatch } from "@std/assert";
import { wordsOf } from "../../cli/compare/launcher.ts";
import type { CompareDocument } from "../../reports/compare/compare.ts";
import { serialiseRun } from "../../workloads/runner/run_file.ts";
import { withFolder } from "../facilities/together.ts";
import { cellId, Source } from "../reports/check/synthetic.ts";
import { command, end, start } from "./command.ts";

Deno.test("compare sets run files side by side, as text, Markdown and JSON", () =>
  withFolder(async (folder) => {
    const source = new Source(1);
    const files = [source.run(), source.run({ times: 2, slow: [cellId(3)] }), source.run()];
    const paths = await Promise.all(files.map(async (run) => {
      const path = `${folder}/${run.id}.json`;
      await Deno.writeTextFile(path, serialiseRun(run));
      return path;
    }));
    const [json, markdown] = [`${folder}/out.json`, `${folder}/out.md`];
    const { code, out, err } = await command(
      ...["compare", ...paths, "--json", json, "--markdown", markdown],
    );
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^run-2 against run-1\n/);
    assertMatch(out, /× slower .* round-trip\/facility-3\/64/);
    const document: CompareDocument = JSON.parse(await Deno.readTextFile(json));
    assertEquals([document.schema, document.comparisons.length], ["ipc-taxonomy/compare/1", 2]);
    assertMatch(
      await Deno.readTextFile(markdown),
      /\n\| change \| 95 % \| first \| second \| cell \|/,
    );
  }));

Deno.test("bad input of compare is one line and exit 2, nothing in common exit 3", () =>
  withFolder(async (folder) => {
    const run = new Source(2).run();
    const [good, bare] = [`${folder}/good.json`, `${folder}/bare.json`];
    await Deno.writeTextFile(good, serialiseRun(run));
    await Deno.writeTextFile(bare, serialiseRun({ ...run, id: "bare", cells: [] }));
    const sides = ["--interleave", "--facility", "pipe", "--a", ""];
    const rows: [code: number, says: RegExp, ...args: string[]][] = [
      [2, /Give two runs or more/, good],
      [2, /no such file/, good, `${folder}/none.json`],
      [2, /there is none yet/, good, "latest", "--store", `${folder}/none.sqlite`],
      [3, /no cell in common/, good, bare],
      [2, /--interleave, which is missing/, good, good, "--a", ""],
      [2, /takes no finished runs/, good, "--interleave", "--a", "", "--b", ""],
      [2, /Give both launch prefixes/, ...sides],
      [
        2,
        /Cannot start participants with "no-such-command -x": /,
        ...sides,
        "--b",
        "no-such-command -x",
      ],
      [2, /with "false": it ended with code 1/, ...sides, "--b", "false"],
      [2, /with "true": it does not start Deno/, ...sides, "--b", "true"],
    ];
    for (const [code, says, ...args] of rows) {
      const ended = await end(start(["compare", ...args], undefined, {}, "--allow-run"));
      assertEquals([ended.code, ended.out], [code, ""], `${args.join(" ")}: ${ended.err}`);
      assertMatch(ended.err, says);
      assertEquals(ended.err.trimEnd().split("\n").length, 1, ended.err);
    }
  }));

Deno.test("a launch prefix is read as a shell would split it", () => {
  assertEquals(wordsOf(""), []);
  assertEquals(wordsOf("  chrt -f  50 "), ["chrt", "-f", "50"]);
  assertEquals(wordsOf(`"/a b/deno" 'x "y"' ""`), ["/a b/deno", 'x "y"', ""]);
});
