import { assert, assertEquals, assertMatch } from "@std/assert";
import { wordsOf } from "../../cli/compare/launcher.ts";
import type { CompareDocument } from "../../reports/compare/compare.ts";
import type { InterleavedDocument } from "../../reports/compare/interleaved.ts";
import { serialiseRun } from "../../workloads/runner/run_file.ts";
import { leavingNothing } from "../leftovers.ts";
import { cellId, Source } from "../reports/check/synthetic.ts";
import { command, end, start } from "./command.ts";

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

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

Deno.test("interleaved, each side is started with its own prefix, in ABBA blocks", () =>
  leavingNothing((temporary) =>
    withFolder(async (folder) => {
      // Each side notes when it starts something, then becomes it.
      const note = async (side: string) => {
        const path = `${folder}/side-${side}`;
        await Deno.writeTextFile(path, `#!/bin/sh\necho ${side} >> ${folder}/order\nexec "$@"\n`);
        await Deno.chmod(path, 0o755);
        return path;
      };
      const json = `${folder}/out.json`;
      const { code, out, err } = await end(start(
        [
          ...["compare", "--interleave", "--a", await note("a"), "--b", `${await note("b")} nice`],
          ...["--facility", "pipe", "--workload", "round-trip", "--size", "64"],
          ...[
            "--placement",
            "same-cpu",
            "--trials",
            "6",
            "--budget",
            "30s",
            "--json",
            json,
            "--all",
          ],
        ],
        temporary,
        {},
        "--allow-run",
      ));
      assertEquals([code, err], [0, ""]);
      assertMatch(out, /round-trip\/pipe\/64\/same-cpu/);
      const document: InterleavedDocument = JSON.parse(await Deno.readTextFile(json));
      assertEquals([document.complete, document.failed], [true, []]);
      for (const { id, pairs, interval } of document.cells) {
        assertEquals(pairs.length, 6, id);
        assert(interval !== null && interval[0] <= interval[1], id);
      }
      // One start each to try the prefix, then three blocks of the control rows, which take one
      // process, and of the pipe, which takes two.
      const order = (await Deno.readTextFile(`${folder}/order`)).trim().replaceAll("\n", "");
      assertMatch(order, /^ab(abba|baab|aabbbbaa|bbaaaabb){6}$/);
      assertEquals(order.length, 2 + 3 * 4 + 3 * 8);
    })
  ));

Deno.test("another Deno binary is a side of its own", () =>
  withFolder(async (folder) => {
    const other = `${folder}/deno-other`;
    await Deno.writeTextFile(
      other,
      `#!/bin/sh\necho started >> ${folder}/starts\nexec ${Deno.execPath()} "$@"\n`,
    );
    await Deno.chmod(other, 0o755);
    const { code } = await end(start(
      [
        ...["compare", "--interleave", "--a", "", "--b", other, "--facility", "pipe"],
        ...["--workload", "round-trip", "--size", "64", "--placement", "same-cpu"],
        ...["--trials", "6", "--budget", "1s"],
      ],
      undefined,
      {},
      "--allow-run",
    ));
    assertEquals(code, 0);
    assert((await Deno.readTextFile(`${folder}/starts`)).split("\n").length > 4);
  }));
